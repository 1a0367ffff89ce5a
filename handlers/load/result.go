//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// figures are the measurements of one run of a scenario, by name; the name ends with the unit.
type figures map[string]float64

// ratio is a figure compared with its baseline: the median over the runs.
type ratio struct {
	Scenario string  `json:"scenario"`
	What     string  `json:"what"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Bare     float64 `json:"bare,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"` // Value to Bare, unless there is no baseline
	Goal     string  `json:"goal,omitempty"`
	Met      bool    `json:"met"`
}

// result is everything that one invocation measured.
type result struct {
	At       time.Time            `json:"at"`
	Machine  string               `json:"machine"`
	RowBytes int                  `json:"row_bytes"`
	Runs     map[string][]figures `json:"runs"` // by scenario and subject
	Ratios   []ratio              `json:"ratios"`
	Others   float64              `json:"others"` // the most CPUs that other processes used during a run
}

func (r *result) add(key string, f figures) {
	if r.Runs == nil {
		r.Runs = make(map[string][]figures)
	}
	r.Runs[key] = append(r.Runs[key], f)
	r.Others = max(r.Others, f["others_cpu"]+f["stolen_cpu"])
}

// median returns the median of a figure over the runs; NaN if it was not measured.
func (r *result) median(key, figure string) float64 {
	var list []float64
	for _, f := range r.Runs[key] {
		if v, ok := f[figure]; ok {
			list = append(list, v)
		}
	}
	return median(list)
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	slices.Sort(list)
	if n := len(list); n%2 == 0 {
		return (list[n/2-1] + list[n/2]) / 2
	}
	return list[len(list)/2]
}

// goal bounds a ratio or a value.
type goal struct {
	op    string // "≤" or "≥"; "" for a figure without a goal
	limit float64
	value bool // it bounds the value instead of the ratio
}

func atMost(limit float64) goal       { return goal{"≤", limit, false} }
func atLeast(limit float64) goal      { return goal{"≥", limit, false} }
func valueAtMost(limit float64) goal  { return goal{"≤", limit, true} }
func valueAtLeast(limit float64) goal { return goal{"≥", limit, true} }

// hold adds a figure of the program to the table, compared with the baseline's if bare names one.
func (r *result) hold(scenario, what, unit, key, figure, bareKey, bareFigure string, g goal) {
	v := ratio{Scenario: scenario, What: what, Unit: unit, Value: r.median(key, figure), Met: true}
	if math.IsNaN(v.Value) {
		return
	}
	if bareKey != "" {
		if v.Bare = r.median(bareKey, bareFigure); math.IsNaN(v.Bare) || v.Bare == 0 {
			v.Bare = 0
		} else {
			v.Ratio = v.Value / v.Bare
		}
	}
	if g.op != "" {
		held := v.Ratio
		v.Goal = fmt.Sprintf("%s %s×", g.op, number(g.limit))
		if g.value {
			held, v.Goal = v.Value, fmt.Sprintf("%s %s %s", g.op, number(g.limit), unit)
		}
		v.Met = g.op == "≤" && held <= g.limit || g.op == "≥" && held >= g.limit
	}
	r.Ratios = append(r.Ratios, v)
}

func (r *result) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// table prints the ratios: in columns, or as Markdown for README.md.
func (r *result) table(w io.Writer, markdown bool) error {
	lines := [][]string{{"what", "measured", "against", "ratio", "goal", ""}}
	for _, v := range r.Ratios {
		line := []string{v.Scenario + ": " + v.What, number(v.Value) + " " + v.Unit, "", "", v.Goal, ""}
		if v.Bare != 0 {
			line[2], line[3] = number(v.Bare), fmt.Sprintf("%.2f×", v.Ratio)
		}
		if v.Goal != "" {
			line[5] = map[bool]string{true: "met", false: "missed"}[v.Met]
		}
		lines = append(lines, line)
	}
	width := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, line := range lines {
		if markdown {
			b.WriteString("| " + strings.Join(line, " | ") + " |\n")
			if n == 0 {
				b.WriteString("|---|--:|--:|--:|---|---|\n")
			}
			continue
		}
		for i, cell := range line {
			b.WriteString(cell + strings.Repeat(" ", width[i]-len([]rune(cell))+2))
		}
		b.WriteString("\n")
	}
	if r.Others > tolerated {
		fmt.Fprintf(&b, "\nNot clean: others had up to %s CPUs of this machine during a run.\n", number(r.Others))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// tolerated is how much of a CPU others may use before the table reports it.
const tolerated = 0.15

// number formats a figure with three significant digits, and commas for thousands.
func number(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1000:
		s := fmt.Sprintf("%.0f", v)
		for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	case a >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// latencies adds the usual percentiles of a histogram, in milliseconds.
func (f figures) latencies(h *hdrhistogram.Histogram) {
	f["p50_ms"] = float64(h.ValueAtQuantile(50)) / 1000
	f["p99_ms"] = float64(h.ValueAtQuantile(99)) / 1000
	f["max_ms"] = float64(h.Max()) / 1000
}
