// A thin hand around an ApexCharts ring: slices come as { key, label, percent }.
let library;

// Fetched when the first ring is drawn; a failed fetch may be tried again
const load = url => library ??= new Promise((resolve, reject) => {
  if (window.ApexCharts) { resolve(); return; }
  const script = document.createElement('script');
  script.src = url;
  script.onload = () => resolve();
  script.onerror = () => { library = undefined; reject(new Error(`${url} could not be loaded`)); };
  document.head.append(script);
});

export async function create(host, url) {
  await load(url);
  return new DonutChart(host);
}

class DonutChart {
  constructor(host) {
    this.host = host;
    this.slices = [];
    this.onTheme = () => this.draw();
    document.addEventListener('themechange', this.onTheme);
  }

  async set(slices) {
    this.slices = slices;
    await this.draw();
  }

  async draw() {
    this.chart?.destroy();
    this.chart = undefined;
    if (this.slices.length === 0 || !this.host.isConnected) return;
    const css = getComputedStyle(this.host);
    const color = name => css.getPropertyValue(name).trim();
    this.chart = new ApexCharts(this.host, {
      chart: { type: 'donut', height: 200, fontFamily: 'inherit', background: 'transparent', animations: { enabled: false } },
      series: this.slices.map(slice => slice.percent),
      labels: this.slices.map(slice => slice.label),
      colors: this.slices.map(slice => color(`--kind-${slice.key}`)),
      stroke: { width: 2, colors: [color('--surface')] },
      plotOptions: { pie: { expandOnClick: false, donut: { size: '72%' } } },
      dataLabels: { enabled: false },
      legend: { show: false },
      states: { active: { filter: { type: 'none' } } },
      tooltip: { fillSeriesColor: false, theme: document.documentElement.dataset.theme, y: { formatter: value => `${value.toFixed(0)} %` } },
    });
    await this.chart.render();
  }

  dispose() {
    document.removeEventListener('themechange', this.onTheme);
    this.chart?.destroy();
    this.chart = undefined;
  }
}
