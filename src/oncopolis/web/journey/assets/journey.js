"use strict";
// Keeps the page as it is now: told that something has changed it fetches what is shown; without a line it says of when it is.
(() => {
  const asof = document.getElementById("asof"), age = document.getElementById("age"), now = document.getElementById("now");
  const SILENT_MS = 35000, LOOK_MS = 60000;
  let heard = Date.now(), mark = "", after = asof.dataset.after, stream = asof.dataset.stream, source = null, asking = false, lookedAt = Date.now();
  const clock = asof.querySelector("b");
  const write = () => clock.textContent;
  const tell = () => {
    const silent = Date.now() - heard > SILENT_MS || !navigator.onLine;
    age.hidden = !silent;
    document.body.classList.toggle("is-old", silent);
    if (silent) age.textContent = asof.dataset.old.replace("{time}", write());
  };
  const hear = () => { heard = Date.now(); tell(); };
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(asof.dataset.now + "?mark=" + mark, { headers: { Accept: "text/html" } });
      if (answer.status === 200) {
        mark = answer.headers.get("X-Mark") || "";
        now.innerHTML = await answer.text();
      }
      if (answer.ok) {
        clock.textContent = answer.headers.get("X-Clock") || write();
        lookedAt = Date.now();
        hear();
        const listened = stream;
        stream = answer.headers.get("X-Stream") || stream;
        if (stream !== listened) { source?.close(); source = null; open(); }  // Stands in another queue now.
      } else if (answer.status === 403) location.reload();
    } catch { tell(); } finally { asking = false; }
  };
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(asof.dataset.events + "?after=" + encodeURIComponent(after));
    source.onopen = hear;
    source.addEventListener("alive", hear);
    source.addEventListener("changed", (event) => { after = event.lastEventId || after; ask(); });
    source.onerror = () => {
      if (source.readyState === 2) { source = null; setTimeout(open, 4000 + Math.random() * 4000); }
      tell();
    };
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else { ask(); open(); }
  });
  addEventListener("offline", tell);
  addEventListener("online", ask);
  setInterval(() => { tell(); if (!document.hidden && Date.now() - lookedAt > LOOK_MS) ask(); }, 5000);
  open();
})();
