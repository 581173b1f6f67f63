/* A button that copies a text. It is hidden until this runs: without JavaScript the text stands beside it.

   <button hidden data-module="learningcity-copy" data-module-value="…" data-module-done="Copied">Copy</button> */
ckan.module("learningcity-copy", function () {
  "use strict";
  return {
    options: { value: "", done: "" },

    initialize: function () {
      this.label = this.el.text();
      this.el.removeAttr("hidden").on("click", this.copy.bind(this));
    },

    copy: function () {
      // Browsers offer their clipboard to pages that came over HTTPS only.
      if (navigator.clipboard) {
        navigator.clipboard.writeText(this.options.value).then(this.tell.bind(this));
        return;
      }
      var field = document.createElement("textarea");
      field.value = this.options.value;
      document.body.appendChild(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      this.el.trigger("focus");
      this.tell();
    },

    tell: function () {
      var self = this;
      this.el.text(this.options.done);
      setTimeout(function () { self.el.text(self.label); }, 2000);
    },
  };
});
