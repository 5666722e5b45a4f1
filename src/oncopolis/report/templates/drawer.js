// Explanations beside the text; without this their links lead to the end of the page.
(() => {
  const drawer = document.getElementById("drawer");
  const inside = drawer.querySelector(".inside");
  const [back, open, close] = ["back", "open", "close"].map((step) => drawer.querySelector(`[data-step=${step}]`));
  let trail = [];
  let opener = null;
  const show = () => {
    const id = trail[trail.length - 1];
    const copy = document.getElementById(id).cloneNode(true);
    copy.removeAttribute("id");
    inside.replaceChildren(copy);
    open.setAttribute("href", "#" + id);
    back.hidden = trail.length < 2;
    drawer.hidden = false;
    drawer.scrollTop = 0;
    inside.focus({ preventScroll: true });
  };
  const hide = () => {
    drawer.hidden = true;
    trail = [];
    if (opener) opener.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link === open) return hide();
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    const isEntry = /^[xes]-/.test(id) && document.getElementById(id);
    const isInEntries = link.closest(".entries") && !drawer.contains(link);
    if (!isEntry || isInEntries) return;
    event.preventDefault();
    if (!drawer.contains(link)) { trail = []; opener = link; }
    trail.push(id);
    show();
  });
  back.addEventListener("click", () => { trail.pop(); show(); });
  close.addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !drawer.hidden) hide(); });
})();
