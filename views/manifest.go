package views

import (
	"encoding/json"

	"chitchat/assets"
	"chitchat/chat"
)

// Manifest returns the web app manifest: what browsers ask of pages that can be installed as an app. Only those have a
// badge, see assets/js/title.js. Its colours are those of the icon, since it has none for light and dark.
func Manifest(p chat.Workspace) ([]byte, error) {
	const colour = "#2f6f8f"
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	return json.Marshal(struct {
		Name       string `json:"name"`
		StartURL   string `json:"start_url"`
		Display    string `json:"display"`
		Background string `json:"background_color"`
		Theme      string `json:"theme_color"`
		Icons      []icon `json:"icons"`
	}{workspaceName(p), "/", "standalone", colour, colour, []icon{{assets.URL("icon.svg"), "any", "image/svg+xml"}}})
}
