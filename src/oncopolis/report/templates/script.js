// Niceties only: the page reads the same without this.
(() => {
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
