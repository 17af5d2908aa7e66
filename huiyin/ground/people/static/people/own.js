// The look chosen in the profile is the look of this browser too.
document.querySelector("form [name=theme]")?.form.addEventListener("submit", (event) => {
  localStorage.setItem("huiyin-theme", event.target.elements.theme.value || "auto");
});
