// Small helpers: elements, messages, dialogues.

/** Makes an element: h('button', {class: 'x', onclick: f}, 'text', child). */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'class') element.className = value;
    else if (value === true) element.setAttribute(key, '');
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let hiding;

/** Says something in a few words; `action` adds a button. */
export function toast(text, action) {
  const box = document.getElementById('toast');
  box.replaceChildren(h('span', {}, text));
  if (action) box.append(h('button', { type: 'button', onclick: () => { box.replaceChildren(); action.run(); } }, action.label));
  clearTimeout(hiding);
  hiding = setTimeout(() => box.replaceChildren(), action ? 12000 : 5000);
}

/** Asks something; resolves to the value of the button that was pressed, null for Escape. */
export function ask(title, body, buttons) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title' },
      h('h2', { id: 'dialog-title' }, title), h('div', { class: 'dialog-body' }, body),
      h('form', { method: 'dialog', class: 'dialog-buttons' },
        buttons.map(({ label, value, main }) => h('button', { value, class: main ? 'main' : 'plain' }, label))));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue || null); });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('.main')?.focus();
  });
}

/** Whether keys typed now belong to a field. */
export const typing = (event) => event.target instanceof HTMLElement
  && (event.target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(event.target.tagName));
