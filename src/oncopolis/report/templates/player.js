// Plays the day on campus; without this the page shows its busiest quarter of an hour.
(() => {
  for (const player of document.querySelectorAll(".player")) {
    const day = JSON.parse(player.querySelector("script").textContent);
    const controls = player.querySelector(".controls");
    const [button, slider, clock] = ["button", "input", "output"].map((name) => controls.querySelector(name));
    const cursor = player.querySelector(".cursor");
    const places = [...player.querySelectorAll(".place")].map((place) => ({
      number: place.querySelector(".n"), dots: [...place.querySelectorAll("circle")],
    }));
    const n = day.present.length ? day.present[0].length : 0;
    const count = (people) => Math.floor(people / day.each + 0.5);
    const show = (quarter) => {
      places.forEach(({ number, dots }, i) => {
        const present = day.present[i][quarter];
        const shown = count(present);
        const waiting = Math.min(count(day.waiting[i][quarter]), shown);
        number.textContent = Math.round(present);
        dots.forEach((dot, k) => {
          const kind = k < waiting ? "w" : k < shown ? "s" : "o";
          if (dot.getAttribute("class") !== kind) dot.setAttribute("class", kind);
        });
      });
      const at = day.first + quarter * day.step;
      cursor.setAttribute("x1", at);
      cursor.setAttribute("x2", at);
      const minutes = quarter * 1440 / n;
      clock.textContent = [minutes / 60, minutes % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
      slider.value = quarter;
      slider.setAttribute("aria-valuetext", clock.textContent);
    };
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.textContent = button.dataset.play;
    };
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) >= n - 1) show(0);
      button.textContent = button.dataset.pause;
      timer = setInterval(() => {
        const next = Number(slider.value) + 1;
        if (next >= n) return stop();
        show(next);
      }, isCalm ? 1000 : 250);
    });
    slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
    controls.hidden = false;
  }
})();
