package assets

import "testing"

func TestFindEmoji(t *testing.T) {
	for query, want := range map[string]string{
		"thumbsup": "thumbs up", ":+1:": "thumbs up", "Rocket": "rocket", "red heart": "red heart",
		"flag swed": "flag: Sweden", "tada": "party popper",
		"heart": "red heart", ":fire:": "fire", "star": "star", "ok": "OK button", "grin": "beaming face with smiling eyes",
		"point_up": "index pointing up", "smi": "grinning face with smiling eyes",
	} {
		if found := FindEmoji(query, 5); len(found) == 0 || found[0].Name != want {
			t.Errorf("%q finds %+v", query, found)
		}
	}
	for _, query := range []string{"", "   ", "::", "no such emoji"} {
		if found := FindEmoji(query, 5); len(found) > 0 {
			t.Errorf("%q finds %s", query, found[0].Name)
		}
	}
	if found := FindEmoji("a", 7); len(found) != 7 {
		t.Errorf("%d emoji for a letter", len(found))
	}
	n := 0
	for _, g := range EmojiGroups() {
		n += len(g.Emoji)
		if len(g.Emoji) == 0 || g.Name == "" {
			t.Errorf("the group %q has %d emoji", g.Name, len(g.Emoji))
		}
	}
	if thumb := FindEmoji("thumbsup", 1)[0]; n < 1800 || thumb.Toned(3) != "👍🏽" || thumb.Toned(9) != thumb.Text {
		t.Errorf("%d emoji, and %+v", n, thumb)
	}
}
