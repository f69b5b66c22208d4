// A button with data-copy puts the text of the code before it on the clipboard and says so for a moment.
document.addEventListener('click', async event => {
  const button = event.target.closest?.('[data-copy]');
  const code = button?.parentElement.querySelector('code');
  if (!code) return;
  const copied = await copy(code);
  button.dataset.copied = copied ? 'yes' : 'no';
  setTimeout(() => delete button.dataset.copied, 2500);
});

// The clipboard is closed to pages of a plain http address other than this host's: there the selected text is copied the old way,
// and stays selected for the keyboard when that fails, too
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    try { return document.execCommand('copy'); } catch { return false; }
  }
}
