// A thin hand around uPlot's bars: layers come as { label, color, values, kind } beside common times, the first layer lies at the bottom.
const pad = value => String(value).padStart(2, '0');
const day = at => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
const clock = at => `${pad(at.getHours())}:${pad(at.getMinutes())}`;
const grouped = value => (value < 10 ? +value.toFixed(1) : Math.round(value)).toLocaleString('en-US');
const colorOf = layer => layer.kind ? `--kind-${layer.kind}` : `--series-${layer.color % 8 + 1}`;

export const create = host => new StackedChart(host);

class StackedChart {
  constructor(host) {
    if (!window.uPlot) throw new Error('uPlot is not loaded');
    this.host = host;
    this.onTheme = () => this.build();
    document.addEventListener('themechange', this.onTheme);
    this.resizes = new ResizeObserver(() => this.fit());
    this.resizes.observe(host);
  }

  set(stack) {
    this.stack = stack;
    this.spread();
    this.build();
  }

  // Every step gets a column, those without a request too: the width of a bar comes from the distance of its neighbours
  spread() {
    const { from, to, stepSeconds: step, times, layers } = this.stack;
    const start = times.length === 0 ? from : times[0] - Math.max(0, Math.floor((times[0] - from) / step)) * step;
    const count = Math.min(5000, Math.max(1, Math.ceil((to - start) / step), times.length === 0 ? 1 : Math.round((times.at(-1) - start) / step) + 1));
    this.x = Array.from({ length: count }, (_, i) => start + i * step);
    this.values = layers.map(layer => {
      const row = new Array(count).fill(0);
      layer.values.forEach((value, i) => {
        const at = Math.round((times[i] - start) / step);
        if (at >= 0 && at < count) row[at] += value;
      });
      return row;
    });
  }

  // Sums from the bottom; the tallest is drawn first and the next lies over it
  table() {
    const sum = new Array(this.x.length).fill(0);
    const sums = this.values.map(row => row.map((value, i) => sum[i] += value));
    return [this.x, ...sums.reverse()];
  }

  size() {
    return { width: Math.max(40, this.host.clientWidth), height: Math.max(30, this.host.clientHeight) };
  }

  fit() {
    const size = this.size();
    if (this.plot && (size.width !== this.plot.width || size.height !== this.plot.height)) this.plot.setSize(size);
  }

  build() {
    this.plot?.destroy();
    this.plot = this.stack ? new uPlot(this.settings(), this.table(), this.host) : undefined;
  }

  settings() {
    const css = getComputedStyle(this.host);
    const color = name => css.getPropertyValue(name).trim();
    const axis = { stroke: color('--muted'), ticks: { show: false }, font: `12px ${css.fontFamily}` };
    const end = this.x.at(-1) + this.stack.stepSeconds;
    const bars = uPlot.paths.bars({ size: [0.86, 48], align: 1 });
    // Between columns of a few pixels a line of the surface's colour would leave nothing of them
    const gap = this.host.clientWidth / this.x.length < 6 ? 0 : 0.5;
    return {
      ...this.size(),
      padding: [10, 24, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
      scales: { x: { time: true, range: () => [this.x[0], end] }, y: { range: (plot, low, high) => [0, high > 0 ? high * 1.05 : 1] } },
      axes: [
        { ...axis, size: 30, space: 64, grid: { show: false }, values: (plot, splits) => splits.map(at => this.tick(new Date(at * 1000))) },
        { ...axis, size: 44, label: this.stack.unit, labelSize: 18, labelGap: 0, labelFont: axis.font, grid: { stroke: color('--grid'), width: 1 }, values: (plot, splits) => splits.map(short) },
      ],
      series: [{}, ...this.stack.layers.toReversed().map(layer => {
        const fill = color(colorOf(layer));
        return { label: layer.label, fill, stroke: color('--surface'), width: gap, paths: bars, points: { show: false } };
      })],
      plugins: [this.tooltip()],
    };
  }

  tick(at) {
    return clock(at) === '00:00' ? day(at).slice(5) : clock(at);
  }

  tooltip() {
    const box = document.createElement('div');
    box.className = 'chart-tooltip';
    box.hidden = true;

    const row = (label, value, layer) => {
      const entry = document.createElement('div');
      const mark = document.createElement('i');
      if (layer) mark.style.background = `var(${colorOf(layer)})`;
      const text = document.createElement('b');
      text.textContent = `${grouped(value)}`;
      const name = document.createElement('span');
      name.textContent = label;
      entry.append(mark, name, text);
      return entry;
    };

    const update = plot => {
      const { left } = plot.cursor;
      if (left == null || left < 0) { box.hidden = true; return; }
      const step = this.stack.stepSeconds;
      const i = Math.min(this.x.length - 1, Math.max(0, Math.floor((plot.posToVal(left, 'x') - this.x[0]) / step)));
      const [from, to] = [new Date(this.x[i] * 1000), new Date((this.x[i] + step) * 1000)];
      const time = document.createElement('time');
      time.textContent = step < 86400 ? `${day(from)} ${clock(from)}–${clock(to)}` : day(from);
      const parts = this.stack.layers.map((layer, k) => ({ layer, value: this.values[k][i] })).filter(part => part.value > 0);
      const total = parts.reduce((sum, part) => sum + part.value, 0);
      box.replaceChildren(time, ...parts.toReversed().map(part => row(part.layer.label, part.value, part.layer)), row(`${this.stack.unit} in all`, total));
      box.hidden = false;
      const room = plot.over.clientWidth;
      box.style.left = `${left + 14 + box.offsetWidth > room ? Math.max(0, left - box.offsetWidth - 14) : left + 14}px`;
    };

    return { hooks: { init: plot => plot.over.append(box), setCursor: update } };
  }

  dispose() {
    document.removeEventListener('themechange', this.onTheme);
    this.resizes.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }
}

// 1234567 → "1.2 M"
function short(value) {
  const steps = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
  const step = steps.find(([size]) => value >= size);
  return step ? `${+(value / step[0]).toFixed(1)} ${step[1]}` : String(+value.toFixed(1));
}
