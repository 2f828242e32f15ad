"use strict";
// Pages are whole without this file; it ties the curve to the film, sorts, filters and compares. It loads nothing but
// films: what it needs lies in the page, and texts become text nodes, never markup.

const byId = (id) => document.getElementById(id);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const data = () => JSON.parse(byId("data").textContent);

/// The wish to see nothing move: the system's, or the button's, which is remembered.
const motion = {
  button: byId("pause"),
  reduced: matchMedia("(prefers-reduced-motion: reduce)"),
  paused: false,
  get allowed() { return !this.paused && !this.reduced.matches; },
  start() {
    try { this.paused = localStorage.getItem("facetreel.paused") === "1"; } catch { /* no storage: not remembered */ }
    if (!document.querySelector("video, [data-film]")) return;
    this.button.hidden = false;
    this.show();
    this.button.addEventListener("click", () => {
      this.paused = !this.paused;
      try { localStorage.setItem("facetreel.paused", this.paused ? "1" : "0"); } catch { /* as above */ }
      if (this.paused) for (const film of document.querySelectorAll("video")) film.pause();
      this.show();
    });
  },
  show() {
    this.button.setAttribute("aria-pressed", String(this.paused));
  },
};

/// Tells `show` the film's time with every frame that is seen.
function follow(film, show) {
  if ("requestVideoFrameCallback" in film) {
    const seen = (now, frame) => { show(frame.mediaTime); film.requestVideoFrameCallback(seen); };
    film.requestVideoFrameCallback(seen);
  } else {
    const seen = () => { show(film.currentTime); if (!film.paused) requestAnimationFrame(seen); };
    film.addEventListener("play", seen);
  }
  for (const event of ["timeupdate", "seeked"]) film.addEventListener(event, () => show(film.currentTime));
}

/// Goes to a time of a film, which is loaded first where it must be.
function seek(film, time) {
  const isWaiting = film.dataset.time !== undefined;
  film.dataset.time = time;
  if (isWaiting) return;
  const arrive = () => {
    // Another film may have been chosen meanwhile.
    if (film.dataset.time === undefined || (!isSeekable(film) && fetchWhole(film, arrive))) return;
    film.currentTime = Number(film.dataset.time);
    delete film.dataset.time;
  };
  if (film.readyState > 0) { arrive(); return; }
  film.addEventListener("loadedmetadata", arrive, { once: true });
  film.preload = "auto";
  film.load();
}

/// Whether the browser can go anywhere in a film. From a server that knows no ranges of bytes, as Python's, it cannot.
function isSeekable(film) {
  const parts = film.seekable;
  return parts.length > 0 && parts.end(parts.length - 1) > film.duration - 0.05;
}

/// Takes a film whole into memory, from where every browser can seek in it, and then calls `ready`; false if that has been
/// tried already.
function fetchWhole(film, ready) {
  const address = film.currentSrc;
  if (film.dataset.whole === address || address.startsWith("blob:")) return false;
  film.dataset.whole = address;
  fetch(address).then((answer) => (answer.ok ? answer.blob() : Promise.reject(answer.status))).then((bytes) => {
    if (film.currentSrc !== address) return;
    const isPlaying = !film.paused;
    film.addEventListener("loadedmetadata", () => { ready(); if (isPlaying) film.play().catch(() => {}); }, { once: true });
    film.preload = "auto";
    film.src = URL.createObjectURL(bytes);
  }).catch(ready);
  return true;
}

/// Pointer and keys in a plot; `go` gets 0...1 along it, `step` a number of small and of large steps.
function steer(plot, go, step) {
  const at = (event) => {
    const box = plot.getBoundingClientRect();
    go(clamp((event.clientX - box.left) / box.width, 0, 1));
  };
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    plot.setPointerCapture(event.pointerId);
    at(event);
  });
  plot.addEventListener("pointermove", (event) => { if (plot.hasPointerCapture(event.pointerId)) at(event); });
  plot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowDown: [-1, 0], ArrowRight: [1, 0], ArrowUp: [1, 0], PageUp: [0, 1], PageDown: [0, -1] };
    if (event.key === "Home") go(0);
    else if (event.key === "End") go(1);
    else if (steps[event.key]) step(...steps[event.key]);
    else return;
    event.preventDefault();
  });
}

function toggle(film) {
  if (film.paused) film.play().catch(() => {}); else film.pause();
}

function unitPage() {
  const plot = byId("curve");
  const film = byId("film");
  if (plot && film) tie(film, plot, data());
  // Arrow keys turn pages, unless they already mean something where the focus is.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, video, .plot, .scroll, pre, [contenteditable]")) return;
    const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = relation && document.querySelector(`a[rel=${relation}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
}

/// What matters in the film: the pictures of the two facets that a frame lies between, mixed as far as it lies from one to
/// the other. Null where there are none.
function importance(film, facets, load) {
  const [masks, control] = [byId("importance"), byId("matters")];
  if (!masks || !control || masks.children.length !== facets.length) return null;
  control.closest("label").hidden = false;
  control.addEventListener("input", () => {
    if (!control.checked) { masks.hidden = true; return; }
    const appear = () => { masks.hidden = !control.checked; };
    // Before the film is loaded its poster is seen, which is of some other facet.
    if (film.played.length > 0) appear();
    else { film.addEventListener("seeked", appear, { once: true }); load(); }
  });
  const idle = () => masks.classList.toggle("idle", film.paused);
  for (const event of ["play", "pause"]) film.addEventListener(event, idle);
  idle();
  return {
    show(frame) {
      const next = facets.findIndex((facet) => facet.frame > frame);
      const right = next < 0 ? facets.length - 1 : next;
      const left = next < 0 ? right : Math.max(next - 1, 0);
      const length = facets[right].frame - facets[left].frame;
      let part = length > 0 ? (frame - facets[left].frame) / length : 0;
      // Who wants nothing to move sees the nearer one.
      if (!motion.allowed) part = Math.round(part);
      [...masks.children].forEach((mask, index) => { mask.style.opacity = index === left ? 1 : index === right ? part : 0; });
    },
  };
}

/// Film and curve, each following the other.
function tie(film, plot, { framesPerSecond, activations, facets }) {
  const [now, value] = [byId("now"), byId("value")];
  const [lower, upper] = [Number(plot.dataset.lower), Number(plot.dataset.upper)];
  const last = activations.length - 1;
  const names = new Map(facets.map((facet) => [facet.frame, facet.name]));
  let current = -1;
  const show = (frame) => {
    frame = clamp(frame, 0, last);
    if (frame === current) return;
    current = frame;
    masks?.show(frame);
    const activation = activations[frame];
    now.hidden = activation === null;
    if (activation !== null) {
      now.style.left = `${last > 0 ? (100 * frame) / last : 0}%`;
      now.style.bottom = `${clamp((100 * (activation - lower)) / (upper - lower), 0, 100)}%`;
    }
    value.textContent = activation === null ? "–" : activation.toFixed(2).replace("-", "−");
    plot.setAttribute("aria-valuenow", frame);
    plot.setAttribute("aria-valuetext",
      `frame ${frame}, ${(frame / framesPerSecond).toFixed(2)} seconds, activation ${value.textContent}`
      + (names.has(frame) ? `, facet ${names.get(frame)}` : ""));
  };
  // The middle of a frame's time, so that rounding cannot show its neighbour.
  const go = (frame) => {
    frame = clamp(frame, 0, last);
    show(frame);
    seek(film, (frame + 0.5) / framesPerSecond);
  };
  const masks = importance(film, facets, () => go(current));
  const stops = [...names.keys()];
  steer(plot, (part) => go(Math.round(part * last)), (small, large) => {
    if (small) go(current + small);
    else go(large > 0 ? stops.find((stop) => stop > current) ?? last : stops.findLast((stop) => stop < current) ?? 0);
  });
  plot.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); toggle(film); }
  });
  show(0);
  follow(film, (time) => { if (film.dataset.time === undefined) show(Math.floor(time * framesPerSecond + 0.01)); });
}

function copyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = byId(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        // Without permission the text is at least selected.
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }
}

function layerPage() {
  const [tools, grid] = [byId("tools"), byId("grid")];
  const [filter, sort, flagged, shown] = [byId("filter"), byId("sort"), byId("flagged"), byId("shown")];
  // Only where films have grades.
  const letter = byId("letter");
  const cards = [...grid.children];
  tools.hidden = false;
  // Films that were not measured come last.
  const number = (card, key, missing) => (card.dataset[key] === "" ? missing : Number(card.dataset[key]));
  // The list's entries say which end comes first; units alone stand as they are.
  const order = (a, b) => {
    const [key, first] = [sort.value, sort.selectedOptions[0].dataset.first];
    if (!first) return 0;
    const sign = first === "lowest" ? 1 : -1;
    return sign * (number(a, key, sign * Infinity) - number(b, key, sign * Infinity)) || 0;
  };
  const update = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Flagged films stand in the order that was asked for as well; among units by how bad they are.
    const flag = (card) => (flagged.checked ? number(card, "flag", cards.length) : cards.length);
    const group = (card) => Number(flag(card) === cards.length);
    const sorted = [...cards].sort((a, b) =>
      group(a) - group(b) || order(a, b) || flag(a) - flag(b) || a.dataset.order - b.dataset.order);
    let count = 0;
    for (const card of sorted) {
      const text = card.dataset.text.toLowerCase();
      card.hidden = !words.every((word) => (/^\d+$/.test(word) ? text.split(" ")[0] === word : text.includes(word)))
        || Boolean(letter?.value && card.dataset.letter !== letter.value);
      count += card.hidden ? 0 : 1;
    }
    grid.append(...sorted);
    shown.textContent = count === cards.length ? `${count} shown` : `${count} of ${cards.length} shown`;
  };
  for (const control of [filter, sort, flagged, letter]) control?.addEventListener("input", update);
  tools.addEventListener("submit", (event) => event.preventDefault());
  update();
  previews(grid);
}

/// A film plays in its card while the pointer rests there.
function previews(grid) {
  if (!matchMedia("(hover: hover)").matches) return;
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    for (const film of grid.querySelectorAll("video")) { film.pause(); film.removeAttribute("src"); film.load(); film.remove(); }
  };
  grid.addEventListener("pointerover", (event) => {
    const card = event.target.closest("[data-film]");
    if (!card || card.contains(event.relatedTarget)) return;
    stop();
    if (!motion.allowed) return;
    timer = setTimeout(() => {
      const film = document.createElement("video");
      Object.assign(film, { muted: true, loop: true, playsInline: true, src: card.dataset.film });
      film.setAttribute("aria-hidden", "true");
      film.className = card.dataset.graph === "1" ? "graph" : "";
      film.style.opacity = "0";
      film.addEventListener("playing", () => { film.style.opacity = "1"; }, { once: true });
      card.querySelector(".picture").append(film);
      film.play().catch(() => film.remove());
    }, 200);
  });
  grid.addEventListener("pointerout", (event) => {
    const card = event.target.closest("[data-film]");
    if (card && !card.contains(event.relatedTarget)) stop();
  });
}

function comparePage() {
  const { measures, units } = data();
  const [unit, plot, play, problem] = [byId("unit"), byId("curve"), byId("play"), byId("problem")];
  const sides = { a: byId("left"), b: byId("right") };
  const films = { a: byId("film-a"), b: byId("film-b") };
  byId("tools").hidden = false;
  byId("overlay").hidden = false;
  units.forEach((entry, index) => unit.add(new Option(entry.title, index)));
  const path = (entry, run, ...rest) => ["..", ...[run.name, entry.layer, entry.unit, ...rest].map(encodeURIComponent)].join("/");
  const chosen = (key) => units[unit.value].runs[sides[key].value];

  const levels = (run) => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const values = [];
    for (let index = 0; index + 1 < run.curve.length; index += 2) {
      const level = alphabet.indexOf(run.curve[index]) * 64 + alphabet.indexOf(run.curve[index + 1]);
      values.push(run.lowest + ((run.highest - run.lowest) * level) / 4095);
    }
    return values;
  };

  let curves = { a: [], b: [] };
  let scale = (value) => value;
  const move = (key, part) => {
    const now = byId(`now-${key}`);
    const values = curves[key];
    now.hidden = values.length === 0;
    if (now.hidden) return;
    now.style.left = `${100 * part}%`;
    now.style.bottom = `${100 * scale(values[Math.round(part * (values.length - 1))])}%`;
  };

  const draw = () => {
    curves = { a: levels(chosen("a")), b: levels(chosen("b")) };
    const all = [...curves.a, ...curves.b];
    let [low, high] = all.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    // Zero belongs to the scale unless it would flatten the curves.
    if (high - low > 0.3 * Math.max(Math.abs(low), Math.abs(high))) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    const room = 0.08 * (high - low) || 1;
    scale = (value) => (value - low + room) / (high - low + 2 * room);
    for (const [id, value] of [["tick-low", low], ["tick-high", high]]) {
      byId(id).style.bottom = `${100 * scale(value)}%`;
      byId(id).firstChild.textContent = value.toFixed(2).replace("-", "−");
    }
    for (const key of ["a", "b"]) {
      const values = curves[key];
      const points = values.map((value, index) =>
        `${((1000 * index) / Math.max(values.length - 1, 1)).toFixed(1)} ${(1000 * (1 - scale(value))).toFixed(1)}`);
      byId(`line-${key}`).setAttribute("d", points.length > 1 ? `M${points.join("L")}` : "");
      byId(`name-${key}`).textContent = chosen(key).name;
      move(key, 0);
    }
  };

  const worth = (list, values) => {
    const percent = (value) => `${Math.floor(100 * value + 1e-9)} %`;
    const plain = (value) => value.toFixed(2);
    list.replaceChildren(...measures.map(({ key, words, format }) => {
      const [row, term, figure] = ["div", "dt", "dd"].map((kind) => document.createElement(kind));
      term.textContent = words;
      figure.textContent = values[key] === null ? "–" : (format === "percent" ? percent : plain)(values[key]);
      row.append(term, figure);
      return row;
    }));
  };

  const load = (key) => {
    const entry = units[unit.value];
    const run = chosen(key);
    const film = films[key];
    film.pause();
    delete film.dataset.time;
    delete film.dataset.whole;
    if (film.src.startsWith("blob:")) URL.revokeObjectURL(film.src);
    film.classList.toggle("graph", run.hasGraph);
    // The same part is cut out of the poster as of the film, so it has to be the film's own.
    const poster = run.hasGraph ? ["poster.png"] : run.picture;
    film.poster = poster.length > 0 ? path(entry, run, ...poster) : "";
    if (run.hasFilm) film.src = path(entry, run, "film.mp4"); else film.removeAttribute("src");
    byId(`link-${key}`).href = path(entry, run, "index.html");
    byId(`link-${key}`).textContent = run.preset && run.preset !== run.name ? `${run.name} (${run.preset})` : run.name;
    worth(byId(`worth-${key}`), run.worth);
  };

  const show = () => {
    for (const key of ["a", "b"]) load(key);
    draw();
    const [a, b] = ["a", "b"].map((key) => [chosen(key).name, units[unit.value].layer, units[unit.value].unit].join("/"));
    history.replaceState(null, "", `#a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`);
  };

  /// Fills the lists of runs for the chosen unit, keeping names where they exist.
  const offer = (names) => {
    const runs = units[unit.value].runs;
    for (const [key, fallback] of [["a", 0], ["b", 1]]) {
      sides[key].replaceChildren(...runs.map((run, index) => new Option(run.name, index)));
      const wanted = runs.findIndex((run) => run.name === names[key]);
      sides[key].value = wanted >= 0 ? wanted : fallback;
    }
    if (sides.a.value === sides.b.value) sides.b.value = sides.a.value === "0" ? 1 : 0;
  };

  const readAddress = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const [a, b] = [wanted.get("a"), wanted.get("b")].map((text) => (text ?? "").split("/"));
    const index = units.findIndex((entry) => entry.layer === a[1] && entry.unit === a[2] && entry.runs.some((run) => run.name === a[0]));
    problem.hidden = index >= 0 || !wanted.get("a");
    problem.textContent = "The unit in this page's address has no two films; the first that has is shown.";
    unit.value = Math.max(index, 0);
    offer({ a: a[0], b: b[0] });
    show();
  };

  // The left film leads; the other follows at the same part of its length.
  const part = (film) => (film.duration > 0 ? clamp(film.currentTime / film.duration, 0, 1) : 0);
  const align = () => {
    const { a, b } = films;
    if (!(a.duration > 0 && b.duration > 0)) return;
    b.playbackRate = clamp(b.duration / a.duration, 0.1, 10);
    // More than two frames apart can be seen.
    if (Math.abs(part(a) - part(b)) * b.duration > 0.07 && isSeekable(b)) b.currentTime = part(a) * b.duration;
  };
  follow(films.a, () => {
    const place = part(films.a);
    if (films.a.dataset.time !== undefined) return;
    if (!films.a.paused) align();
    for (const key of ["a", "b"]) move(key, place);
    plot.setAttribute("aria-valuenow", Math.round(1000 * place));
    plot.setAttribute("aria-valuetext", `${Math.round(100 * place)} % of both films`);
  });
  films.a.addEventListener("play", () => { play.textContent = "Pause both"; films.b.play().catch(() => {}); align(); });
  films.a.addEventListener("pause", () => { play.textContent = "Play both"; films.b.pause(); });
  play.addEventListener("click", () => toggle(films.a));

  let place = 0;
  const go = (wanted) => {
    place = clamp(wanted, 0, 1);
    const run = { a: curves.a.length, b: curves.b.length };
    for (const key of ["a", "b"]) {
      move(key, place);
      const film = films[key];
      const whenKnown = () => seek(film, place * film.duration);
      if (film.readyState > 0) whenKnown();
      else if (run[key] > 0) { film.addEventListener("loadedmetadata", whenKnown, { once: true }); film.preload = "auto"; film.load(); }
    }
  };
  steer(plot, go, (small, large) => go((films.a.duration > 0 ? part(films.a) : place) + small / 240 + large / 10));
  plot.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); toggle(films.a); } });

  unit.addEventListener("input", () => { offer({ a: sides.a.selectedOptions[0]?.text, b: sides.b.selectedOptions[0]?.text }); show(); });
  for (const key of ["a", "b"]) sides[key].addEventListener("input", show);
  addEventListener("hashchange", readAddress);
  readAddress();
}

motion.start();
copyButtons();
({ unit: unitPage, layer: layerPage, compare: comparePage })[document.documentElement.dataset.page]?.();
