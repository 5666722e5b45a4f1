"use strict";
// Reads the code that is asked for with the camera, in browsers that can; a scanner or a keyboard needs none of this.
(async () => {
  const AGAIN_MS = 150;
  const USED = "camera";
  const FORMATS = ["qr_code", "data_matrix", "code_128"];
  const box = document.querySelector("[data-camera]");
  const field = document.querySelector("input[autofocus]");
  if (!box || !field || !window.BarcodeDetector || !navigator.mediaDevices) return;
  const known = await window.BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((one) => known.includes(one));
  if (!formats.length) return;
  const detector = new window.BarcodeDetector({ formats });
  const button = box.querySelector("button");
  const video = box.querySelector("video");
  const told = box.querySelector("[role=status]");
  // What was scanned a step before may still be in sight.
  const given = new Set([...field.form.querySelectorAll("input[type=hidden]")].map((one) => one.value));
  let stream = null;

  const stop = () => {
    if (stream) stream.getTracks().forEach((one) => one.stop());
    stream = null;
    video.hidden = true;
    button.textContent = button.dataset.start;
  };

  // One code alone, twice the same: of two that are in sight nobody knows which is meant.
  const look = async (before) => {
    if (!stream) return;
    let codes = [];
    try {
      codes = (await detector.detect(video)).filter((one) => !given.has(one.rawValue));
    } catch {
      codes = [];
    }
    if (!stream) return;
    told.textContent = codes.length > 1 ? told.dataset.several : "";
    const seen = codes.length === 1 ? codes[0].rawValue : "";
    if (seen && seen === before) {
      field.value = seen;
      stop();
      field.form.requestSubmit();
      return;
    }
    setTimeout(() => look(seen), AGAIN_MS);
  };

  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      told.textContent = told.dataset.none;
      sessionStorage.removeItem(USED);
      return;
    }
    sessionStorage.setItem(USED, "1");
    video.srcObject = stream;
    video.hidden = false;
    button.textContent = button.dataset.stop;
    await video.play();
    look("");
  };

  button.addEventListener("click", () => {
    if (!stream) return start();
    sessionStorage.removeItem(USED);
    stop();
  });
  window.addEventListener("pagehide", stop);
  box.hidden = false;
  // What was stopped is not scanned again by itself.
  if (sessionStorage.getItem(USED) && !document.querySelector("[role=alert]")) start();
})();
