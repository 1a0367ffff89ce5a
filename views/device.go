package views

import "strings"

// browsers and systems are names searched in a User-Agent header. The first match counts: most browsers also name
// others, to be treated alike.
var browsers = [][2]string{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"},
	{"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chromium", "Chromium"}, {"Chrome", "Chrome"},
	{"Safari", "Safari"}, {"curl", "curl"}, {"Go-http-client", "A Go program"},
}

var systems = [][2]string{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

func browser(agent string) string { return firstIn(agent, browsers, "A browser") }

func system(agent string) string { return firstIn(agent, systems, "an unknown system") }

func firstIn(agent string, known [][2]string, otherwise string) string {
	for _, k := range known {
		if strings.Contains(agent, k[0]) {
			return k[1]
		}
	}
	return otherwise
}
