#include "report/html_graph_assets_internal.h"

namespace ringfort {

const std::string_view kGraphScript = R"js(
(function () {
  const pictures = Array.from(document.querySelectorAll('svg.attack'));
  const detail = document.getElementById('detail');
  if (!pictures.length || !detail) return;
  const hint = Array.from(detail.childNodes);
  const all = selector => pictures.flatMap(picture => Array.from(picture.querySelectorAll(selector)));
  const states = all('.state');
  const edges = all('.edge').map(element => ({
    element,
    from: element.dataset.from,
    to: element.dataset.to,
    steps: new Set(element.dataset.steps.split(' ')),
    best: element.classList.contains('best'),
    loop: element.classList.contains('loop-edge'),
    ground: element.dataset.ground,
  }));
  const into = new Map();
  const outOf = new Map();
  const note = (map, key, edge) => map.has(key) ? map.get(key).push(edge) : map.set(key, [edge]);
  edges.forEach(edge => { note(into, edge.to, edge); note(outOf, edge.from, edge); });

  // What stays when the pointer leaves.
  let kept = null;

  function show(light) {
    pictures.forEach(picture => picture.classList.toggle('lit', Boolean(light)));
    states.forEach(state => {
      const id = state.dataset.state;
      state.classList.toggle('self', Boolean(light && light.self.has(id)));
      state.classList.toggle('up', Boolean(light && light.up.has(id)));
      state.classList.toggle('down', Boolean(light && light.down.has(id)));
    });
    edges.forEach(edge => {
      edge.element.classList.toggle('up', Boolean(light && light.edges.has(edge)));
    });
  }

  // Back along the most probable derivation; forward to what one step yields, and on
  // along the derivations that go through here.
  function around(id) {
    const light = {self: new Set([id]), up: new Set(), down: new Set(), edges: new Set()};
    const walk = (map, end, seen) => {
      const queue = [id];
      while (queue.length) (map.get(queue.pop()) || []).forEach(edge => {
        if (!edge.best) return;
        light.edges.add(edge);
        if (!seen.has(edge[end])) { seen.add(edge[end]); queue.push(edge[end]); }
      });
    };
    walk(into, 'from', light.up);
    walk(outOf, 'to', light.down);
    (outOf.get(id) || []).forEach(edge => { light.edges.add(edge); light.down.add(edge.to); });
    return light;
  }

  function ofSteps(steps, goal) {
    const light = {self: new Set(goal ? [goal] : []), up: new Set(), down: new Set(), edges: new Set()};
    edges.forEach(edge => {
      if (!steps.some(step => edge.steps.has(step))) return;
      light.edges.add(edge);
      light.up.add(edge.from).add(edge.to);
    });
    return light;
  }

  function ofLoop() {
    const light = {self: new Set(), up: new Set(), down: new Set(), edges: new Set()};
    states.filter(state => state.classList.contains('on-loop')).forEach(state => light.up.add(state.dataset.state));
    edges.forEach(edge => { if (edge.loop && light.up.has(edge.from) && light.up.has(edge.to)) light.edges.add(edge); });
    return light;
  }

  function tell(card) {
    if (!card) { detail.replaceChildren(...hint); return; }
    const copy = card.cloneNode(true);
    copy.removeAttribute('id');
    copy.hidden = false;
    copy.querySelectorAll('button').forEach(one => one.remove());
    copy.querySelectorAll('[id]').forEach(one => one.removeAttribute('id'));
    detail.replaceChildren(copy);
    detail.scrollTop = 0;
  }

  // Of two pictures one is on screen.
  function reveal(id) {
    const shown = element => element.getBoundingClientRect().width > 0;
    const goal = states.find(state => state.dataset.state === id && shown(state)) || pictures.find(shown);
    if (goal) goal.scrollIntoView({block: 'center'});
  }

  const loopButton = document.getElementById('show-loop');
  const select = document.getElementById('way');
  const ways = Array.from(document.querySelectorAll('.way'));

  function keep(light, card, way) {
    kept = light;
    show(light);
    tell(card);
    ways.forEach(one => one.classList.toggle('chosen', one === way));
    if (select) select.value = way && Number(way.dataset.way) < select.length - 1 ? way.dataset.way : '';
    if (loopButton) loopButton.setAttribute('aria-pressed', 'false');
  }
  const letGo = () => keep(null, null, null);
  const chooseState = id => keep(around(id), document.querySelector('article[data-card="' + id + '"]'), null);
  const chooseWay = way =>
    keep(ofSteps(way.dataset.steps.split(' ').filter(Boolean), way.dataset.goal), way, way);

  states.forEach(state => {
    const id = state.dataset.state;
    state.setAttribute('role', 'button');
    state.setAttribute('tabindex', '-1');
    state.addEventListener('mouseenter', () => show(around(id)));
    state.addEventListener('mouseleave', () => show(kept));
    state.addEventListener('focus', () => show(around(id)));
    state.addEventListener('blur', () => show(kept));
    state.addEventListener('click', () => { if (!moved) chooseState(id); });
  });
  const heads = all('.head');
  heads.forEach(head => {
    const card = document.querySelector('article[data-asset-card="' + head.parentNode.dataset.box + '"]');
    if (!card) return;
    head.setAttribute('role', 'button');
    head.setAttribute('tabindex', '-1');
    head.addEventListener('click', () => {
      if (moved) return;
      const own = new Set(Array.from(head.parentNode.querySelectorAll('.state'), state => state.dataset.state));
      const light = {self: new Set(), up: own, down: new Set(), edges: new Set()};
      edges.forEach(edge => {
        if (!own.has(edge.to) && !own.has(edge.from)) return;
        if (!edge.best) return;
        light.edges.add(edge);
        light.down.add(edge.from).add(edge.to);
      });
      keep(light, card, null);
    });
  });

  // One stop of the tabulator for a picture; arrows walk within.
  pictures.forEach(picture => {
    const stops = Array.from(picture.querySelectorAll('.head[role], .state'));
    if (stops.length) stops[0].setAttribute('tabindex', '0');
    const middle = stop => {
      const box = stop.getBoundingClientRect();
      return {x: box.x + box.width / 2, y: box.y + box.height / 2};
    };
    picture.addEventListener('keydown', event => {
      const at = stops.indexOf(event.target.closest('.head, .state'));
      if (at < 0) return;
      let next = -1;
      if (event.key === 'ArrowDown') next = Math.min(stops.length - 1, at + 1);
      else if (event.key === 'ArrowUp') next = Math.max(0, at - 1);
      else if (event.key === 'Home') next = 0;
      else if (event.key === 'End') next = stops.length - 1;
      else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        // The nearest in another box to that side.
        const here = middle(stops[at]);
        const sign = event.key === 'ArrowRight' ? 1 : -1;
        let least = Infinity;
        stops.forEach((stop, i) => {
          const there = middle(stop);
          const across = (there.x - here.x) * sign;
          const far = across + 3 * Math.abs(there.y - here.y);
          if (stop.parentNode !== stops[at].parentNode && across > 100 && far < least) { least = far; next = i; }
        });
        if (next < 0) next = at;
      } else if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        stops[at].dispatchEvent(new MouseEvent('click', {bubbles: true}));
        return;
      } else if (event.key === '+' || event.key === '=') { zoom(picture, 0.8); return; }
      else if (event.key === '-') { zoom(picture, 1.25); return; }
      else if (event.key === '0') { fit(picture); return; }
      else if (event.key === 'Escape') { letGo(); return; }
      if (next < 0) return;
      event.preventDefault();
      stops[at].setAttribute('tabindex', '-1');
      stops[next].setAttribute('tabindex', '0');
      stops[next].focus();
    });
  });

  // Zoom and pan move the view box; the height on screen stays.
  const full = picture => ({x: 0, y: 0, w: Number(picture.dataset.width), h: Number(picture.dataset.height)});
  const views = new Map(pictures.map(picture => [picture, full(picture)]));
  function look(picture, view) {
    const whole = full(picture);
    const w = Math.min(whole.w, Math.max(whole.w / 8, view.w));
    const h = whole.h * w / whole.w;
    const x = Math.min(whole.w - w, Math.max(0, view.x));
    const y = Math.min(whole.h - h, Math.max(0, view.y));
    views.set(picture, {x, y, w, h});
    picture.setAttribute('viewBox', [x, y, w, h].join(' '));
    picture.classList.toggle('moved', w < whole.w);
  }
  const fit = picture => look(picture, full(picture));
  function zoom(picture, factor, at) {
    const view = views.get(picture);
    const point = at || {x: 0.5, y: 0.5};
    const w = view.w * factor;
    const h = view.h * factor;
    look(picture, {x: view.x + (view.w - w) * point.x, y: view.y + (view.h - h) * point.y, w, h});
  }
  let moved = false;
  pictures.forEach(picture => {
    picture.addEventListener('wheel', event => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = picture.getBoundingClientRect();
      zoom(picture, event.deltaY < 0 ? 0.85 : 1 / 0.85,
           {x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height});
    }, {passive: false});
    let held = null;
    picture.addEventListener('pointerdown', event => {
      moved = false;
      if (event.button !== 0 || !picture.classList.contains('moved')) return;
      held = {x: event.clientX, y: event.clientY, view: views.get(picture)};
    });
    picture.addEventListener('pointermove', event => {
      if (!held) return;
      const box = picture.getBoundingClientRect();
      const dx = event.clientX - held.x;
      const dy = event.clientY - held.y;
      if (!moved && Math.abs(dx) + Math.abs(dy) < 5) return;
      moved = true;
      picture.classList.add('dragged');
      look(picture, {x: held.view.x - dx * held.view.w / box.width, y: held.view.y - dy * held.view.h / box.height,
                     w: held.view.w, h: held.view.h});
    });
    // The click that ends a drag is none; the next one is.
    const release = () => {
      held = null;
      picture.classList.remove('dragged');
      setTimeout(() => { moved = false; }, 50);
    };
    ['pointerup', 'pointerleave', 'pointercancel'].forEach(name => picture.addEventListener(name, release));
    picture.addEventListener('click', event => {
      if (!moved && !event.target.closest('.state, .head')) letGo();
    });
  });

  document.querySelector('.tools').hidden = false;
  detail.hidden = false;
  document.querySelector('.stage').classList.add('with-detail');
  document.querySelectorAll('button[data-zoom]').forEach(button => button.addEventListener('click', () => {
    pictures.forEach(picture => {
      if (button.dataset.zoom === 'fit') fit(picture);
      else zoom(picture, button.dataset.zoom === 'in' ? 0.8 : 1.25);
    });
  }));
  const isOn = button => button.getAttribute('aria-pressed') === 'true';
  const flip = button => button.setAttribute('aria-pressed', String(!isOn(button)));
  const grounds = Array.from(document.querySelectorAll('button[data-show-ground]'));
  grounds.forEach(button => {
    const ground = button.dataset.showGround;
    const count = edges.filter(edge => edge.ground === ground).length +
      states.filter(state => state.dataset.ground === ground).length;
    if (!count) { button.hidden = true; return; }
    button.addEventListener('click', () => {
      flip(button);
      const off = new Set(grounds.filter(one => !isOn(one)).map(one => one.dataset.showGround));
      edges.forEach(edge => edge.element.classList.toggle('off', off.has(edge.ground)));
      states.forEach(state => state.classList.toggle('off', off.has(state.dataset.ground)));
    });
  });
  const every = document.getElementById('show-all');
  every.addEventListener('click', () => {
    flip(every);
    pictures.forEach(picture => picture.classList.toggle('every', isOn(every)));
  });
  if (loopButton) loopButton.addEventListener('click', () => {
    const on = !isOn(loopButton);
    keep(on ? ofLoop() : null, null, null);
    loopButton.setAttribute('aria-pressed', String(on));
  });
  if (select) select.addEventListener('change', () => {
    const way = ways.find(one => one.dataset.way === select.value);
    if (select.value !== '' && way) chooseWay(way); else letGo();
  });
  ways.forEach(way => {
    const button = way.querySelector('button');
    button.hidden = false;
    button.addEventListener('click', () => {
      chooseWay(way);
      reveal(way.dataset.goal);
    });
  });
  if (/^#state-\d+$/.test(location.hash)) {
    chooseState(location.hash.slice(7));
    reveal(location.hash.slice(7));
  }
  // A card in the panel shows on the graph what it names.
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const id = link.getAttribute('href').slice(1);
    if (id.startsWith('finding-')) {
      const card = document.getElementById(id);
      if (card) { card.hidden = false; card.open = true; }
    } else if (id.startsWith('state-') && !link.closest('.ledger')) {
      event.preventDefault();
      chooseState(id.slice(6));
      if (!link.closest('#detail')) reveal(id.slice(6));
    }
  });
})();
)js";

}  // namespace ringfort
