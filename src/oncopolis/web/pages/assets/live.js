"use strict";
// Streams of events for htmx: closed while nobody looks, asked again from where they broke off; and how old a
// page is, once the server has been silent for longer than its sign of life.
(() => {
  const SILENT_MS = 35000, HIDDEN_MS = 20000, AGAIN_MS = 4000;
  const sources = new Set();
  const kept = document.querySelector("meta[name=kept]");  // A state from before the server was away.
  let heardAt = kept ? Number(kept.content) : Date.now();

  class Source extends EventTarget {
    constructor(address) {
      super();
      this.address = new URL(address, location.href);
      this.readyState = 0;
      sources.add(this);
      this.open();
    }

    open() {
      if (this.readyState === 2 || this.inner) return;
      const inner = this.inner = new EventSource(this.address);
      inner.onopen = () => {
        this.readyState = 1;
        heard();
        this.onopen?.(new Event("open"));
      };
      inner.onerror = () => {
        if (inner.readyState !== 2 || this.inner !== inner) return;
        this.rest();
        setTimeout(() => this.open(), AGAIN_MS * (0.5 + Math.random()));
      };
      inner.addEventListener("alive", heard);
      inner.addEventListener("changed", (event) => {
        heard();
        this.address.searchParams.set("after", event.lastEventId);
        this.dispatchEvent(new MessageEvent("changed", { data: event.data, lastEventId: event.lastEventId }));
      });
    }

    rest() {
      this.inner?.close();
      this.inner = null;
    }

    close() {
      this.rest();
      this.readyState = 2;
      sources.delete(this);
    }
  }

  const heard = () => {
    heardAt = Date.now();
    tell();
  };

  const write = (seconds) => {
    const [unit, value] = seconds < 120 ? ["second", seconds] : ["minute", seconds / 60];
    const form = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(document.documentElement.lang, form).format(value);
  };

  const tell = () => {
    const silent = Date.now() - heardAt;
    for (const place of document.querySelectorAll("[data-age]")) {
      place.hidden = silent < SILENT_MS;
      if (!place.hidden) place.textContent = place.dataset.words.replace("{age}", write(silent / 1000));
    }
    document.body.classList.toggle("is-old", silent >= SILENT_MS);
  };

  let resting = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) {
      resting = setTimeout(() => sources.forEach((source) => source.rest()), HIDDEN_MS);
    } else {
      heardAt = Math.max(heardAt, Date.now() - SILENT_MS / 2);
      sources.forEach((source) => source.open());
    }
  });

  // Whoever writes into a list, or has opened something in it, is not interrupted: it is filled again afterwards.
  const isBusy = (place) => {
    const active = document.activeElement;
    return place.querySelector("details[open]") || (place.contains(active) && active.matches("input, select, textarea"));
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.detail.elt;
    if (!place.matches("[data-fragment]") || !isBusy(place)) return;
    event.preventDefault();
    place.dataset.waits = "";
  });
  // Somebody may have begun while the answer was on its way.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    if (!place.matches("[data-fragment]") || !isBusy(place)) return;
    event.detail.shouldSwap = false;
    place.dataset.waits = "";
  });
  const catchUp = (event) => {
    const place = event.target.closest?.("[data-fragment][data-waits]");
    if (!place) return;
    setTimeout(() => {
      if (!place.isConnected || isBusy(place)) return;
      delete place.dataset.waits;
      htmx.trigger(place, "sse:changed");
    });
  };
  document.addEventListener("focusout", catchUp);
  document.addEventListener("toggle", catchUp, true);

  htmx.createEventSource = (address) => new Source(address);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) heard();
  });
  setInterval(tell, 5000);
  if (kept) tell();
})();
