/* The box of a multiple choice has no name of its own, and its search field an English one: both
   get the label of the field. It stands after CKAN's own module, which makes the box. */
ckan.module("learningcity-named", function () {
  "use strict";
  return {
    initialize: function () {
      var label = document.querySelector('label[for="' + this.el.attr("id") + '"]');
      if (label) {
        var name = label.textContent.replace("*", "").trim();
        this.el.next(".select2-container").find("[role=combobox], textarea").attr("aria-label", name);
      }
    }
  };
});
