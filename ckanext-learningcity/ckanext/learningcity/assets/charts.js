/* A chart that the mouse comes to is drawn in the page, so that its points say more when hovered.
   The picture stays where this fails, and on touch screens, where there is nothing to hover with. */
(function () {
  "use strict";

  let library;

  function load(address) {
    library = library || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = address;
      script.type = "module";
      script.onload = function () { resolve(window.learningcityCharts); };
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  async function draw(figure) {
    const picture = figure.querySelector("picture");
    const small = window.matchMedia("(max-width: 600px)").matches;
    const [charts, answer] = await Promise.all([load(figure.dataset.script), fetch(figure.dataset.chart)]);
    if (small || !answer.ok) { return; }
    const place = document.createElement("div");
    place.className = "lc-live";
    place.setAttribute("aria-hidden", "true"); // the picture has the words, the table the values
    place.style.cssText = "position:absolute;inset:0 auto auto 0;visibility:hidden";
    figure.append(place);
    await charts.embed(place, await answer.json(), { actions: false, renderer: "svg", tooltip: { theme: "custom" } });
    const svg = place.querySelector("svg");
    const width = picture.querySelector("img").clientWidth;
    svg.setAttribute("viewBox", `0 0 ${svg.width.baseVal.value} ${svg.height.baseVal.value}`);
    svg.style.cssText = `width:${width}px;height:auto;max-width:100%`;
    place.style.cssText = "";
    picture.after(place);
    picture.classList.add("visually-hidden");
  }

  document.querySelectorAll("figure[data-chart][data-script]").forEach(function (figure) {
    if (!figure.dataset.chart || !figure.querySelector("picture")) { return; }
    figure.addEventListener("pointerenter", function (event) {
      if (event.pointerType === "mouse") { draw(figure).catch(function () {}); }
    }, { once: true });
  });

  // Choosing from a list of names is enough: no button needs to be pressed.
  document.querySelectorAll("input[data-lc-submit]").forEach(function (input) {
    input.addEventListener("input", function () {
      const options = Array.from(input.list.options, function (option) { return option.value; });
      if (options.includes(input.value)) { input.form.requestSubmit(); }
    });
  });
})();
