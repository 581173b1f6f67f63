/* The steps of a learning path that a reader has done, kept in this browser.

   The list works without this: the check boxes are hidden until it runs. */
ckan.module("learningcity-path", function () {
  "use strict";
  return {
    options: { path: "", told: "" },

    initialize: function () {
      this.key = "learningcity-path-" + this.options.path;
      this.done = this.read();
      this.steps = Array.prototype.slice.call(this.el[0].querySelectorAll("[data-lc-step]"));
      this.steps.forEach(this.prepare.bind(this));
      if (this.steps.length) {
        this.el[0].querySelector("[data-lc-note]").hidden = false;
        this.tell();
      }
    },

    prepare: function (step) {
      var self = this;
      var label = step.querySelector("label");
      var box = step.querySelector("input");
      var name = step.querySelector("a").textContent;
      box.setAttribute("aria-label", label.textContent.trim() + ": " + name);
      box.checked = this.done.indexOf(step.getAttribute("data-lc-step")) !== -1;
      box.addEventListener("change", function () { self.change(step, box.checked); });
      label.hidden = false;
    },

    change: function (step, checked) {
      var id = step.getAttribute("data-lc-step");
      this.done = this.done.filter(function (other) { return other !== id; });
      if (checked) { this.done.push(id); }
      try {
        window.localStorage.setItem(this.key, JSON.stringify(this.done));
      } catch (error) { /* a browser that keeps nothing: the boxes work until the page is left */ }
      this.tell();
    },

    read: function () {
      try {
        var kept = JSON.parse(window.localStorage.getItem(this.key) || "[]");
        return Array.isArray(kept) ? kept : [];
      } catch (error) {
        return [];
      }
    },

    tell: function () {
      var done = this.done;
      var count = this.steps.filter(function (step) {
        return done.indexOf(step.getAttribute("data-lc-step")) !== -1;
      }).length;
      var told = this.el[0].querySelector("[data-lc-told]");
      told.textContent = this.options.told.replace("{done}", count).replace("{all}", this.steps.length);
      told.hidden = false;
    },
  };
});
