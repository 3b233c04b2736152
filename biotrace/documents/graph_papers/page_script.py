"""What a page does when it may run a script: show a record beside the graph, and where its wood came from and went.

Without it everything is there too: a box leads to its record further down. The script reads what stands in the page and
adds no text of its own, so that nothing that a record says can become code.
"""

from __future__ import annotations

import base64
import hashlib

SCRIPT = """
'use strict';
(() => {
  const graph = document.getElementById('graph');
  const panel = document.getElementById('panel');
  const shown = document.getElementById('shown');
  const hint = document.getElementById('hint');
  const fit = document.getElementById('fit');
  const svg = graph.querySelector('svg');
  const stops = [...graph.querySelectorAll('a.stop')];
  const ties = [...graph.querySelectorAll('[data-from]')];
  const next = {from: new Map(), to: new Map()};
  for (const tie of ties) {
    for (const [key, other] of [['from', 'to'], ['to', 'from']]) {
      const at = tie.dataset[key];
      if (!next[key].has(at)) next[key].set(at, []);
      next[key].get(at).push(tie.dataset[other]);
    }
  }
  const reached = (start, way) => {
    const found = new Set([start]);
    for (const at of found) for (const other of next[way].get(at) || []) found.add(other);
    return found;
  };
  const light = (before, after) => {
    for (const stop of stops) {
      const at = stop.dataset.box;
      stop.classList.toggle('dim', !!before && !before.has(at) && !after.has(at));
    }
    for (const tie of ties) {
      const {from, to} = tie.dataset;
      const on = !before || (before.has(from) && before.has(to)) || (after.has(from) && after.has(to));
      tie.classList.toggle('dim', !on);
    }
  };
  const choose = (stop, hash) => {
    const record = document.getElementById(hash.slice(1));
    shown.replaceChildren(...[...record.childNodes].map((node) => node.cloneNode(true)));
    hint.hidden = true;
    panel.classList.remove('empty');
    for (const other of stops) {
      other.classList.toggle('chosen', other === stop);
      if (other === stop) other.setAttribute('aria-current', 'true');
      else other.removeAttribute('aria-current');
    }
    light(reached(stop.dataset.box, 'to'), reached(stop.dataset.box, 'from'));
    panel.scrollTop = 0;
  };
  const clear = () => {
    shown.replaceChildren();
    hint.hidden = false;
    panel.classList.add('empty');
    for (const stop of stops) {
      stop.classList.remove('chosen');
      stop.removeAttribute('aria-current');
    }
    light(null, null);
  };
  const narrow = () => matchMedia('(max-width: 1100px)').matches;
  const boxOf = (hash) => stops.find((stop) => stop.dataset.members.split(' ').includes(hash));
  let quiet = false;
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link) return;
    const stop = link.matches('a.stop') ? link : boxOf(link.getAttribute('href'));
    if (!stop || link.closest('#records')) return;
    event.preventDefault();
    choose(stop, link.getAttribute('href'));
    if (link !== stop) {
      quiet = true;
      stop.focus();
      quiet = false;
      stop.scrollIntoView({block: 'center', inline: 'center'});
    } else if (narrow()) panel.scrollIntoView({block: 'nearest'});
  });
  graph.addEventListener('focusin', (event) => {
    const stop = event.target.closest('a.stop');
    if (stop && !quiet) choose(stop, stop.getAttribute('href'));
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') clear(); });
  const size = (whole) => {
    graph.classList.toggle('fit', whole);
    fit.setAttribute('aria-pressed', String(whole));
  };
  fit.addEventListener('click', () => size(!graph.classList.contains('fit')));
  document.getElementById('clear').addEventListener('click', clear);
  const records = document.getElementById('records');
  const printed = document.getElementById('with-records');
  let open = false;
  addEventListener('beforeprint', () => {
    open = records.open;
    records.open = printed.checked;
  });
  addEventListener('afterprint', () => { records.open = open; });
  document.getElementById('print').addEventListener('click', () => print());
  for (const hidden of document.querySelectorAll('.tools, #panel')) hidden.hidden = false;
  records.open = false;
  clear();
  const [room, wide] = [graph.clientWidth, svg.width.baseVal.value];
  size(room < wide && room > 0.8 * wide);
  const subject = graph.querySelector('a.stop[data-marked]');
  if (subject) {
    const [inner, outer] = [subject.getBoundingClientRect(), graph.getBoundingClientRect()];
    graph.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    graph.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  }
})();
"""
HASH = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""By which a page's Content-Security-Policy lets this script run and no other."""
