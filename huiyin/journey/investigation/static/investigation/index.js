// The index of evidence goes to paper as it stands.
document.addEventListener("click", (e) => { if (e.target.closest("[data-print]")) window.print(); });
