// Niceties only: the page reads the same without this.
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

  if (window.innerWidth <= 900) document.querySelector(".toc").removeAttribute("open");
  const folded = () => document.querySelectorAll("section:not(#explanations) > details");
  let opened = [];
  window.addEventListener("beforeprint", () => { opened = [...folded()].filter((item) => !item.open); opened.forEach((item) => { item.open = true; }); });
  window.addEventListener("afterprint", () => opened.forEach((item) => { item.open = false; }));

  const links = new Map([...document.querySelectorAll("nav li a")].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || !links.has(entry.target.id)) continue;
      links.forEach((link) => link.classList.remove("here"));
      links.get(entry.target.id).classList.add("here");
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  document.querySelectorAll("header[id], section[id]").forEach((section) => watcher.observe(section));
})();
