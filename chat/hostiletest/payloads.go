// Package hostiletest has texts that would run a script, or make an element or an attribute, wherever they were written
// into a page without care, and functions that look for that.
package hostiletest

import (
	"fmt"
	"strings"
)

// Mark is in the code of every payload that has some: a browser in which it is a function can tell that it ran.
const Mark = "pwn"

const call = Mark + "(1)"

// Payloads returns the texts. No two are the same, and each is short: at most 400 bytes.
func Payloads() []string {
	var all []string
	seen := make(map[string]bool)
	for _, list := range [][]string{handlers(), addresses(), attributes(), fences(), breakouts(), written} {
		for _, text := range list {
			if !seen[text] {
				seen[text] = true
				all = append(all, text)
			}
		}
	}
	return all
}

// Packed returns the payloads joined by blank lines, in texts of at most that many bytes. A payload that is longer is
// cut.
func Packed(size int) []string {
	const gap = "\n\n"
	var all []string
	var b strings.Builder
	for _, text := range Payloads() {
		text = strings.ToValidUTF8(text[:min(len(text), size)], "")
		if b.Len() > 0 && b.Len()+len(gap)+len(text) > size {
			all = append(all, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		b.WriteString(text)
	}
	return append(all, b.String())
}

// handlers returns tags with handlers of events, each in one of the ways in which a tag may be spelled.
func handlers() (all []string) {
	spellings := []string{
		`<%s src=x %s=%s>`, `<%s src="x" %s="%s">`, `<%s src='x' %s='%s'/>`, `<%s/src=x/%s=%s>`, "<%s\nsrc=x\n%s\n=\n%s\n>",
		"<%s\tsrc=x\t%s=%s//", `<%s src=x %s=%s <b>`, "<%s src=x %s=`%s`>", `<%s src="x>" %s=%s>`, `<%s a=">" %s="%s"`,
		"<%s\fsrc=x %s=%s>", `<<%s src=x %s=%s>>`, `&lt;%s src=x %s=%s&gt;`, `\<%s src=x %s=%s\>`, "<%s\x00 src=x %s=%s>",
		`*<%s src=x %s=%s>*`, `[<%s src=x %s=%s>](/c)`, "| <%s src=x %s=%s> |\n|-|\n| x |", "> - <%s src=x %s=%s>",
	}
	tags := []string{"img", "svg", "SVG", "body", "iframe", "video", "audio", "details open", "input autofocus", "marquee",
		"object", "embed", "form", "button", "select", "a href=#x", "math", "style", "link rel=stylesheet", "div", "x-y",
		"img/", "ſvg"}
	events := []string{"onerror", "onload", "OnClick", "onfocus", "ontoggle", "onmouseover", "onanimationstart",
		"onpointerenter", "onbeforetoggle", "oncontentvisibilityautostatechange"}
	for i, tag := range tags {
		for j, event := range events {
			all = append(all, fmt.Sprintf(spellings[(i*len(events)+j)%len(spellings)], tag, event, call))
		}
	}
	return all
}

// addresses returns links, in the ways in which Markdown and HTML have them, to addresses that are programs.
func addresses() (all []string) {
	ways := []string{"[a](%s)", "![a](%s)", "[a](<%s>)", "<%s>", "[a][x]\n\n[x]: %s", "[x]\n\n[x]: <%s> \"t\"",
		`[a](%s "onclick=` + call + `")`, "[![a](%[1]s)](%[1]s)", `<a href="%s">a</a>`, "| [a](%s) |\n|-|", "> - **[a](%s)**",
		`https://a.example/"%s`, "%s", "[a](  %s\n'x' )", "[a][]\n\n[a]:\n%s", `<form action=%s><button formaction=%[1]s>`}
	programs := []string{"javascript:" + call, "JaVaScRiPt:" + call, "java\tscript:" + call, "java&#9;script:" + call,
		"java&NewLine;script:" + call, "&#106;avascript:" + call, "&#x6A&#x61vascript:" + call, "javascript&colon;" + call,
		"java%0ascript:" + call, "\x01javascript:" + call, "javascript://a.example/%0a" + call, `javascript\:` + call,
		"ｊavascript:" + call, "javaſcript:" + call, "java\u200bscript:" + call,
		"data:text/html,<script>" + call + "</script>",
		"data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4=", "DATA:image/svg+xml,<svg/onload=" + call + ">",
		"vbscript:" + call, "livescript:" + call, "view-source:javascript:" + call, "feed:javascript:" + call,
		"blob:https://a.example/" + call, "filesystem:http://a.example/" + call}
	for _, program := range programs {
		for _, way := range ways {
			all = append(all, fmt.Sprintf(way, program))
		}
	}
	return all
}

// attributes returns what would give an element an attribute of htmx, or another one that acts.
func attributes() (all []string) {
	ways := []string{`<b %s>x</b>`, `[a](/c "%s")`, `[a](/c "x\" %s y=\"")`, "```html\" %s x=\"\ny\n```",
		`<hx-partial %s>x`,
		"| a\" %s |\n|-|", `[a](/c" %s x=")`, `<https://a.example/"%s>`, `<div class="message" %s>`, `# x {%s}`,
		`[a](/c){%s}`}
	for _, attribute := range []string{"hx-get=/pwn", "HX-POST=/pwn", "hx-on:click=" + call, "hx-on::load=" + call,
		"hx-trigger=load", "hx-swap-oob=true", "data-hx-get=/pwn", "data-hx-on:load=" + call, "hx-vals=js:" + call,
		"hx-boost:inherited=true", "hx-config=" + call, "hx-ws:connect=/pwn", "hx-target=body", "hx-delete=/pwn",
		"hx-confirm=js:" + call, "style=background:url(/pwn)", "id=messages", "name=body",
		"srcdoc=<script>" + call + "</script>",
		"popovertarget=x onbeforetoggle=" + call, "is=x-pwn", "xlink:href=javascript:" + call} {
		for _, way := range ways {
			all = append(all, fmt.Sprintf(way, attribute))
		}
	}
	return all
}

// fences returns blocks of code whose language is no language.
func fences() (all []string) {
	for _, language := range []string{`go" onclick="` + call, `"><script>` + call + `</script>`, `'onload='` + call,
		`go onmouseover=` + call, `</code></pre><script>` + call + `</script>`, `a&quot;hx-get=/pwn`, `x\"style=pwn`,
		"html\u2028onload=" + call, `language-"><img src=x onerror=` + call + `>`, `{onclick=` + call + `}`} {
		for _, mark := range []string{"```", "~~~", "````", "> ```"} {
			all = append(all, mark+language+"\n</code><img src=x onerror="+call+">\n"+strings.TrimPrefix(mark, "> "))
		}
	}
	return all
}

// breakouts returns ends of what the text may stand in, with a beginning of something else after them.
func breakouts() (all []string) {
	for _, end := range []string{`">`, `'>`, "`>", `</textarea>`, `</title>`, `</style>`, `</script>`, `-->`, `]]>`,
		`</template>`, `</noscript>`, `</select>`, `</p></article>`, `" `, `&quot;>`, "%22%3E", `\">`, "\u2028\">"} {
		for _, begin := range []string{`<script>` + call + `</script>`, `<script src=//a.example/pwn.js></script>`,
			`<img src=x onerror=` + call + `>`, `<svg><script>` + call + `</script>`, `autofocus onfocus=` + call + ` x=`} {
			all = append(all, end+begin)
		}
	}
	return all
}
