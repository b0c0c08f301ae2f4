/* 回音 · app.js — help for keyboards and switches; every page works without it.
   Attributes it reads: data-act (a button's act), data-key (F2, F8, Ctrl+S), data-list (a table walked by J and K),
   data-digits (a group of radio buttons), data-answer (where R goes), data-new (where N goes), data-urge (what U presses). */
(function () {
  'use strict';
  const root = document.documentElement;
  root.classList.add('has-js');

  /* 1 Theme and text size. The server prints them, and whether single keys work, from the cookies set here. */
  const YEAR = 31536000;
  const SIZES = ['normal', 'large', 'xlarge'];
  const SIZE_WORDS = { normal: '标准', large: '大字', xlarge: '特大' };
  const THEME_WORDS = { light: '浅色', dark: '深色' };
  const remember = (name, value) => {
    const secure = location.protocol === 'https:' ? ';secure' : '';
    document.cookie = name + '=' + value + ';path=/;max-age=' + YEAR + ';samesite=lax' + secure;
  };
  const nextSize = (size) => SIZES[(SIZES.indexOf(size) + 1) % SIZES.length];
  const nextTheme = (theme) => (theme === 'dark' ? 'light' : 'dark');

  function switchText(button) {
    const size = button.value;
    const next = nextSize(size);
    root.setAttribute('data-text', size);
    remember('text', size);
    button.value = next;
    button.textContent = SIZE_WORDS[next];
    button.setAttribute('aria-label', '文字换成' + SIZE_WORDS[next]);
  }

  function switchTheme(button) {
    const theme = button.value;
    const next = nextTheme(theme);
    root.setAttribute('data-bs-theme', theme);
    remember('theme', theme);
    button.value = next;
    button.setAttribute('aria-label', '换成' + THEME_WORDS[next]);
    const use = button.querySelector('use');
    if (use) use.setAttribute('href', use.getAttribute('href').replace(/#.*/, next === 'dark' ? '#i-moon' : '#i-sun'));
  }

  /* 2 Single keys can be switched off (WCAG 2.1.4). */
  const singleKeys = () => root.getAttribute('data-keys') !== 'off';
  function switchSingleKeys(box) {
    const keys = box.checked ? 'on' : 'off';
    root.setAttribute('data-keys', keys);
    remember('keys', keys);
  }

  /* 3 Acts of buttons. */
  const acts = {
    text: switchText,
    theme: switchTheme,
    keys: () => { const box = document.getElementById('keys'); if (box && box.showModal && !box.open) box.showModal(); },
    single: switchSingleKeys,
    dismiss: (button) => button.closest('.toast-line').remove(),
    print: () => window.print(),
    open: (button) => document.getElementById(button.getAttribute('data-dialog')).showModal(),
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-act]');
    if (!button || !acts[button.dataset.act]) return;
    if (button.type === 'submit') event.preventDefault();
    acts[button.dataset.act](button);
  });
  document.querySelectorAll('[data-toast]:not([data-toast="error"])').forEach((toast) => {
    window.setTimeout(() => { if (!toast.contains(document.activeElement)) toast.remove(); }, 10000);
  });
  const refused = document.querySelector('[data-focus]');
  if (refused) refused.focus();

  /* 4 Day ruler: one tab stop; arrows walk, Home and End jump, T returns to today. */
  function walkRuler(event) {
    const day = event.target.closest && event.target.closest('.day');
    if (!day) return false;
    const days = Array.from(day.parentNode.querySelectorAll('.day'));
    const at = days.indexOf(day);
    const today = days.findIndex((one) => one.classList.contains('is-today'));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: days.length - 1 };
    if (singleKeys()) { to.t = today; to.T = today; }
    const next = days[to[event.key]];
    if (!next) return false;
    days[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    return true;
  }

  /* 5 Lists: the cursor is a class on a row; focus follows it, so that it is read out. */
  const rows = () => Array.from(document.querySelectorAll('[data-list] tbody tr')).filter((row) => row.querySelector('a'));
  const cursor = () => document.querySelector('[data-list] tr.is-cursor');
  function moveCursor(step) {
    const all = rows();
    if (!all.length) return false;
    const now = all.indexOf(cursor());
    const row = all[Math.max(0, Math.min(all.length - 1, now + step))];
    all.forEach((one) => one.classList.toggle('is-cursor', one === row));
    row.querySelector('a').focus();
    return true;
  }
  const press = (node) => { if (!node) return false; node.click(); return true; };
  const goTo = (node) => {
    if (!node) return false;
    if (node.tagName === 'A') node.click(); else { node.focus(); node.scrollIntoView({ block: 'center' }); }
    return true;
  };

  /* 6 Single keys: never while typing, never with a modifier. A key answers true when it found something to do. */
  const single = {
    '?': () => { acts.keys(); return true; },
    '/': () => goTo(document.getElementById('find')),
    j: () => moveCursor(1),
    k: () => moveCursor(-1),
    Enter: (event) => event.target === document.body && press(cursor() && cursor().querySelector('a')),
    u: () => press(cursor() && cursor().querySelector('[data-urge]')),
    p: () => { if (!document.querySelector('[data-list]')) return false; window.print(); return true; },
    n: () => goTo(document.querySelector('[data-new]')),
    r: () => goTo(document.querySelector('[data-answer]')),
  };
  function pickDigit(digit) {
    const choice = document.querySelectorAll('[data-digits] input[type="radio"]')[Number(digit) - 1];
    if (!choice) return false;
    choice.focus();
    return press(choice);
  }

  const QUIET = /^(button|checkbox|radio|submit|reset|image|file|range|color)$/;
  const typing = (node) => node.isContentEditable || /^(TEXTAREA|SELECT)$/.test(node.tagName) ||
    (node.tagName === 'INPUT' && !QUIET.test(node.type));
  const named = (event) => (event.ctrlKey ? 'Ctrl+' : '') + (event.key.length === 1 ? event.key.toUpperCase() : event.key);

  function wired(event) {
    if (event.altKey || event.metaKey || event.shiftKey) return false;
    const name = named(event);
    if (name === 'Ctrl+Enter') {
      const form = event.target.form || (event.target.closest && event.target.closest('form'));
      if (!form || form.method !== 'post') return false;
      return press(form.querySelector('[data-key="Ctrl+Enter"], button.btn-primary, button:not([type="button"])'));
    }
    if (!/^(Ctrl\+.|F\d+)$/.test(name)) return false;
    return press(document.querySelector('[data-key="' + name + '"]:not(:disabled)'));
  }

  function escape(event) {
    if (event.key !== 'Escape' || !typing(event.target)) return false;
    event.target.blur();
    return true;
  }

  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (wired(event)) { event.preventDefault(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector('dialog[open]')) return;
    if (walkRuler(event) || escape(event)) { event.preventDefault(); return; }
    if (typing(event.target) || !singleKeys()) return;
    const act = /^[1-9]$/.test(event.key) ? pickDigit : single[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && act(/^[1-9]$/.test(event.key) ? event.key : event)) event.preventDefault();
  });
}());
