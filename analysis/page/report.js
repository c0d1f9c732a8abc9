// The page's own script: charts, map with its slider, sortable tables. Data come from the JSON beside it; texts are
// set as text, never as markup.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const words = data.words, chinese = data.language === "zh";
  const locale = chinese ? "zh-CN" : "en-GB";
  const missing = "–";
  const colours = ["#1d4f91", "#c8553d", "#2f855a", "#8a5a9e", "#b7791f", "#4a5568", "#0e7490", "#9d174d"];
  const unsureColour = "#9a9a9a";
  const viridis = ["#440154", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6dcd59", "#b4de2c", "#fde725"];
  const blueRed = ["#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f"];

  function number(value, digits) {
    return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
  function large(value, digits) {
    const size = Math.abs(value);
    if (chinese && size >= 1e8) return number(value / 1e8, 2) + words.hundredMillion;
    if (chinese && size >= 1e4) return number(value / 1e4, 2) + words.tenThousand;
    if (!chinese && size >= 1e9) return number(value / 1e9, 2) + words.billion;
    if (!chinese && size >= 1e6) return number(value / 1e6, 2) + words.million;
    return number(value, digits);
  }
  function written(form, value) {
    if (value === null || value === undefined || !isFinite(value)) return missing;
    if (form === "share") return number(value * 100, 1) + words.percent;
    if (form === "points") return number(value * 100, 2) + words.points;
    if (form === "area") return large(value, Math.abs(value) < 100 ? 2 : 0) + words.m2;
    if (form === "yuan") return large(value, 0) + words.yuan;
    if (form === "number") return number(value, 2);
    return number(value, 0);
  }
  // Decimals that tell two marks of an axis apart: `step` is the distance between them.
  function digitsFor(step) {
    return step > 0 ? Math.min(Math.max(Math.ceil(-Math.log10(step) - 1e-9), 0), 4) : 0;
  }
  function onAxis(form, value, step) {
    if (form === "share" || form === "points") return number(value * 100, digitsFor(step * 100)) + words.percent;
    if (form === "number") return number(value, digitsFor(step));
    return large(value, digitsFor(step)).replace(/([.][0-9]*?)0+(?=[^0-9]|$)/, "$1").replace(/[.](?=[^0-9]|$)/, "");
  }
  function line(parent, text, bold) {
    const div = document.createElement("div");
    div.textContent = text;
    if (bold) div.style.fontWeight = "600";
    parent.appendChild(div);
  }

  // The distance between two marks that a chart would choose.
  function niceStep(rough) {
    const power = Math.pow(10, Math.floor(Math.log10(rough))), share = rough / power;
    return (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10) * power;
  }
  // Rows that the names of the lines will take.
  function legendRows(lines, width) {
    let rows = 1, used = 0;
    lines.forEach(function (each) {
      let wide = 46;
      for (const letter of each.name) wide += letter.charCodeAt(0) > 255 ? 12.5 : 7;
      if (used > 0 && used + wide > width - 20) { rows += 1; used = 0; }
      used += wide;
    });
    return rows;
  }
  const dashIcon = "path://M0,0h10v4h-10z M16,0h10v4h-10z";
  const tops = {};
  const charts = {};
  function start(id) {
    const chart = echarts.init(document.getElementById(id + "-plot"), null, { renderer: "svg", locale: chinese ? "ZH" : "EN" });
    charts[id] = chart;
    return chart;
  }

  function drawChart(one) {
    const series = [];
    one.lines.forEach(function (each, k) {
      const colour = each.reference ? "#111111" : colours[each.colour % colours.length];
      if (each.low.length > 0) {
        const base = { itemStyle: { color: colour }, type: "line", stack: "band" + k, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false }, animation: false };
        series.push(Object.assign({ name: each.name, data: each.low }, base));
        series.push(Object.assign({ name: each.name, areaStyle: { color: colour, opacity: 0.18 },
          data: each.high.map(function (high, i) { return high === null || each.low[i] === null ? null : high - each.low[i]; }) }, base));
      }
      series.push({ id: "line" + k, name: each.name, type: "line", symbol: "none", data: each.values, animation: false, itemStyle: { color: colour },
        lineStyle: { width: each.reference ? 1.5 : 2, type: each.reference || each.dashed ? "dashed" : "solid", color: colour } });
    });
    let low = one.scale ? Infinity : 0, high = -Infinity;
    one.lines.forEach(function (each) {
      [each.values, each.low, each.high].forEach(function (values) {
        values.forEach(function (value) { if (value !== null) { low = Math.min(low, value); high = Math.max(high, value); } });
      });
    });
    const step = high > low ? niceStep((high - low) / 6) : 1;
    const chart = start(one.id);
    const top = function () { return legendRows(one.lines, chart.getWidth()) * 24 + 34; };
    tops[one.id] = top;
    chart.setOption({
      aria: { enabled: true },
      textStyle: { fontFamily: "inherit" },
      grid: { left: 12, right: 24, top: top(), bottom: 12, containLabel: true },
      legend: { top: 0, type: "plain", itemWidth: 26, data: one.lines.map(function (each) { return { name: each.name, icon: each.reference || each.dashed ? dashIcon : "roundRect" }; }),
        itemHeight: 4 },
      tooltip: { trigger: "axis", formatter: function (points) {
        const box = document.createElement("div");
        const at = points.length > 0 ? points[0].dataIndex : 0;
        line(box, one.months[at], true);
        one.lines.forEach(function (each) {
          let text = each.name + ": " + written(one.form, each.values[at]);
          if (each.low.length > 0) text += " (" + written(one.form, each.low[at]) + " – " + written(one.form, each.high[at]) + ")";
          line(box, text);
        });
        return box;
      } },
      xAxis: { type: "category", data: one.months, boundaryGap: false, axisLabel: { interval: 23 } },
      yAxis: { type: "value", scale: one.scale, name: one.unit === "1" || one.form === "share" ? "" : one.unit, nameTextStyle: { align: "left" },
        axisLabel: { formatter: function (value) { return onAxis(one.form, value, step); } } },
      series: series
    });
  }

  function drawMap(map) {
    const features = map.blocks.map(function (block) {
      return { type: "Feature", properties: { name: block.code }, geometry: { type: "MultiPolygon", coordinates: block.rings.map(function (ring) { return [ring]; }) } };
    });
    echarts.registerMap("blocks", { type: "FeatureCollection", features: features });
    const chart = start(map.id);
    const indicator = document.getElementById(map.id + "-indicator");
    const slider = document.getElementById(map.id + "-month");
    const output = document.getElementById(map.id + "-shown");
    const play = document.getElementById(map.id + "-play");
    const table = document.querySelector("#" + map.id + "-figures tbody");
    const grey = document.getElementById(map.id + "-grey");
    const names = {};
    map.blocks.forEach(function (block) { names[block.code] = block.name; });

    function show() {
      const layer = map.layers[Number(indicator.value)], row = Number(slider.value);
      let low = Infinity, high = -Infinity;
      layer.values.forEach(function (year) {
        year.forEach(function (value) { if (value !== null) { low = Math.min(low, value); high = Math.max(high, value); } });
      });
      if (!(low <= high)) { low = 0; high = 1; }
      if (layer.diverging) { high = Math.max(Math.abs(low), Math.abs(high)) || 1; low = -high; }
      if (low === high) high = low + 1;
      const values = layer.values[row];
      const unsure = layer.unsure.length > 0 ? layer.unsure[row] : null;
      const marked = map.layers.some(function (each) { return each.unsure.length > 0; });
      const at = {};
      map.blocks.forEach(function (block, b) { at[block.code] = b; });
      grey.hidden = unsure === null;
      grey.textContent = layer.grey;
      output.textContent = map.months[row];
      slider.setAttribute("aria-valuetext", map.months[row]);
      chart.setOption({
        aria: { enabled: true, label: { description: layer.label + words.comma + map.months[row] } },
        textStyle: { fontFamily: "inherit" },
        title: { text: layer.label + words.comma + map.months[row], left: "center", textStyle: { fontSize: 15 } },
        tooltip: { trigger: "item", formatter: function (point) {
          const box = document.createElement("div");
          if (!(point.name in names)) return "";
          line(box, names[point.name] + " (" + point.name + ")", true);
          line(box, layer.label + ": " + written(layer.form, point.value));
          if (unsure !== null && unsure[at[point.name]] === 1) line(box, layer.grey);
          return box;
        } },
        visualMap: { type: "continuous", min: low, max: high, calculable: true, left: 8, bottom: 16, seriesIndex: 0,
          inRange: { color: layer.diverging ? blueRed : viridis }, outOfRange: { color: "#d0d0d0" },
          formatter: function (value) { return onAxis(layer.form, value, (high - low) / 100); } },
        geo: { map: "blocks", roam: true, aspectScale: 1, layoutCenter: ["52%", "53%"], layoutSize: "92%", silent: false, label: { show: false },
          emphasis: { label: { show: false }, itemStyle: { borderColor: "#000000", borderWidth: 2, areaColor: "inherit" } },
          itemStyle: { borderColor: "#ffffff", borderWidth: 0.6, areaColor: "#d0d0d0" } },
        series: [
          { type: "map", geoIndex: 0, name: layer.label, animation: false,
            data: map.blocks.map(function (block, b) {
              const one = { name: block.code, value: values[b] === null ? NaN : values[b] };
              // Out of the scale's reach: it keeps its own colour.
              return unsure !== null && unsure[b] === 1 ? Object.assign(one, { visualMap: false, itemStyle: { color: unsureColour, areaColor: unsureColour } }) : one;
            }) },
          { type: "lines", coordinateSystem: "geo", silent: true, animation: false, zlevel: 1, lineStyle: { color: "#222222", width: 1.4, opacity: 1 },
            data: map.borders.map(function (edge) { return { coords: edge }; }) },
          { type: "scatter", coordinateSystem: "geo", silent: true, animation: false, symbolSize: 1, zlevel: 2,
            data: map.places.map(function (place) { return { name: place.name, value: place.at }; }),
            label: { show: true, formatter: function (point) { return point.name; }, color: "#111111", textBorderColor: "#ffffff", textBorderWidth: 3, fontSize: 12 } }
        ]
      }, { replaceMerge: ["series"] });
      table.replaceChildren();
      map.blocks.forEach(function (block, b) {
        const tr = document.createElement("tr"), th = document.createElement("th"), td = document.createElement("td");
        th.scope = "row";
        th.textContent = block.name;
        td.className = "n";
        td.dataset.v = values[b] === null ? "" : String(values[b]);
        td.textContent = written(layer.form, values[b]);
        tr.append(th, td);
        if (marked) {
          const sure = document.createElement("td");
          sure.textContent = unsure === null ? missing : unsure[b] === 1 ? words.no : words.yes;
          tr.append(sure);
        }
        table.appendChild(tr);
      });
    }
    indicator.addEventListener("change", show);
    slider.addEventListener("input", show);
    let timer = 0;
    play.addEventListener("click", function () {
      if (timer !== 0) {
        window.clearInterval(timer);
        timer = 0;
        play.textContent = words.play;
        return;
      }
      if (Number(slider.value) >= map.months.length - 1) slider.value = "0";
      play.textContent = words.stop;
      timer = window.setInterval(function () {
        if (Number(slider.value) >= map.months.length - 1) { play.click(); return; }
        slider.value = String(Number(slider.value) + 1);
        show();
      }, 700);
    });
    show();
  }

  function sortable(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const key = function (row) {
          const cell = row.cells[column];
          return cell.classList.contains("n") ? (cell.dataset.v === "" ? -Infinity : Number(cell.dataset.v)) : cell.textContent;
        };
        const rows = Array.from(body.rows).map(function (row) { return { row: row, key: key(row) }; });
        rows.sort(function (a, b) {
          const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), locale, { numeric: true });
          return down ? -order : order;
        });
        rows.forEach(function (each) { body.appendChild(each.row); });
      });
    });
  }

  data.charts.forEach(drawChart);
  data.maps.forEach(drawMap);
  document.querySelectorAll("table.sortable").forEach(sortable);
  function fit() {
    Object.keys(charts).forEach(function (id) {
      const chart = charts[id], box = chart.getDom();
      if (box.clientWidth === 0 || box.clientHeight === 0) return;
      chart.resize();
      if (id in tops) chart.setOption({ grid: { top: tops[id]() } });
    });
  }
  window.addEventListener("resize", fit);
  // On paper everything is open, and drawn as wide as the paper.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (each) {
      each.dataset.shut = "yes";
      each.open = true;
    });
    fit();
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("main details[data-shut]").forEach(function (each) {
      delete each.dataset.shut;
      each.open = false;
    });
    fit();
  });
  document.documentElement.dataset.ready = "yes";
  window.reportCharts = charts;  // for whoever wants to look at a chart from the console
}());
