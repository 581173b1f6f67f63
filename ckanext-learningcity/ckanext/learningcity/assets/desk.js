/* The publishing desk: progress of an upload, a check and a publication. Everything works without it. */
(() => {
  "use strict";

  const PAUSE = 1500; // milliseconds between two looks at a check or a publication

  function drop(form, input) {
    const zone = form.querySelector(".lc-drop");
    const mark = (over) => (event) => {
      event.preventDefault();
      zone.classList.toggle("lc-drop--over", over);
    };
    zone.addEventListener("dragover", mark(true));
    zone.addEventListener("dragleave", mark(false));
    zone.addEventListener("drop", (event) => {
      mark(false)(event);
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }

  function send(form) {
    const status = form.querySelector("[data-lc-status]");
    const bar = form.querySelector("[data-lc-bar]");
    const button = form.querySelector("button[type=submit]");
    const request = new XMLHttpRequest();
    const tell = (text, running) => {
      status.textContent = text;
      status.hidden = false;
      bar.hidden = !running;
      button.disabled = running;
    };
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((100 * event.loaded) / event.total);
      bar.value = percent;
      tell(form.dataset.uploading.replace("{percent}", percent), true);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      tell(form.dataset.checking, true);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (answer && answer.address) window.location.assign(answer.address);
      else tell(answer && answer.error ? answer.error.join(" ") : form.dataset.failed, false);
    });
    request.addEventListener("error", () => tell(form.dataset.failed, false));
    request.responseType = "json";
    request.open("POST", form.action || window.location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(new FormData(form));
  }

  async function watch(box) {
    try {
      const answer = await fetch(box.dataset.lcProgress);
      const { state, progress } = await answer.json();
      if (state !== box.dataset.lcState) {
        window.location.reload();
        return;
      }
      box.querySelector("progress").value = progress.done;
      for (const stage of box.querySelectorAll("[data-lc-stage]")) {
        if (stage.dataset.lcStage === progress.step) stage.setAttribute("aria-current", "step");
        else stage.removeAttribute("aria-current");
      }
    } catch {
      // The server is being restarted, or the network is away: look again.
    }
    setTimeout(watch, PAUSE, box);
  }

  for (const form of document.querySelectorAll("form[data-lc-upload]")) {
    drop(form, form.querySelector("input[type=file]"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  for (const box of document.querySelectorAll("[data-lc-progress]")) setTimeout(watch, PAUSE, box);
})();
