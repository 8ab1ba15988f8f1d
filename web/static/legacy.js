/* Loaded with "nomodule": only browsers without ES modules (Internet Explorer, old kernels in compatibility mode) run it. */
(function () {
  var notice = document.getElementById("legacy-notice");
  if (notice) { notice.style.display = "block"; }
}());
