/* The box of a multiple choice has no name of its own, and its search field an English one: both
   get the label of the field, and what the field says of its help and fault. It stands after CKAN's own module, which makes the box. */
ckan.module("learningcity-named", function ($) {
  "use strict";

  // CKAN translates some of what the box says; the rest it takes from here.
  var said = $.fn.select2.amd.require("select2/i18n/en");
  ["errorLoading", "loadingMore", "removeAllItems", "removeItem", "search"].forEach(function (key) {
    var english = said[key]();
    said[key] = function () { return ckan.i18n._(english); };
  });

  return {
    initialize: function () {
      var label = document.querySelector('label[for="' + this.el.attr("id") + '"]');
      if (label) {
        var name = label.textContent.replace("*", "").trim();
        var box = this.el.next(".select2-container").find("[role=combobox], [role=textbox], textarea");
        box.attr("aria-label", name);
        ["aria-describedby", "aria-invalid"].forEach(function (told) {
          if (this.el.attr(told)) { box.attr(told, this.el.attr(told)); }
        }, this);
      }
    }
  };
});
