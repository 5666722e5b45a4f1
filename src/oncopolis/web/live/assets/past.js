"use strict";
// Plays the last day: moves the slider a step at a time and asks for its picture once the one before is there.
(() => {
  const AGAIN_MS = 250;
  const form = document.getElementById("playing");
  const slider = form.querySelector("input[type=range]");
  const button = form.querySelector("[data-play]");
  const words = button.textContent;
  let timer = 0;

  const show = () => {
    button.textContent = timer ? button.dataset.stop : words;
    button.setAttribute("aria-pressed", String(Boolean(timer)));
  };

  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    show();
  };

  const step = () => {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    slider.value = Number(slider.value) + 1;
    form.dispatchEvent(new Event("change"));
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    timer = setTimeout(step, AGAIN_MS);
    show();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!timer || event.detail.elt !== form) return;
    if (!event.detail.successful) return stop();
    timer = setTimeout(step, AGAIN_MS);
  });
})();
