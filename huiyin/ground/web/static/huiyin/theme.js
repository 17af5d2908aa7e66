// Before the first paint: the chosen theme, so nothing flashes.
(() => {
  const chosen = localStorage.getItem("huiyin-theme") || document.documentElement.dataset.themeChoice || "auto";
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
