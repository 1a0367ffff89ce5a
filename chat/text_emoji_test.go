package chat

import (
	"strings"
	"testing"
)

func TestBigEmoji(t *testing.T) {
	for _, body := range []string{
		"👍", "🎉🎉 🚀\n", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "❤️", "👍🏽", "⌚", "1️⃣", "#️⃣", "*\u20e3", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "⬅️", "©️", "ℹ️", "™️", "▶️",
		"↔️", "㊗️", "〰️", "😀\n😀", "✌🏽",
		"❤️‍🔥", "🏳️‍🌈", "👁️‍🗨️", "🧑🏻‍❤️‍💋‍🧑🏿", "\U0001fae9", strings.Repeat("🇩🇪", 6), strings.Repeat("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 6),
		strings.Repeat("🧑🏻‍❤️‍💋‍🧑🏿 ", 6),
	} {
		if !BigEmoji(body) {
			t.Errorf("%q is not shown larger", body)
		}
	}
	for _, body := range []string{
		"", " ", "ok 👍", "12", "1", "1\ufe0f", "#", "你好", "→", "☎", "✔", "♠", "☺", "✂", "©", "ℹ", "☎\ufe0e", "⌚\ufe0e", "🇩",
		"🇩🇪🇫", "\u20e3", "\ufe0f", "\u200d",
		"😀\u0301", "👍\u200d", "a\ufe0f", "😀\U000e0067", strings.Repeat("👍", 7), strings.Repeat("🇩🇪", 7),
		strings.Repeat("😀\u200d", 4000),
	} {
		if BigEmoji(body) {
			t.Errorf("%q is shown larger", body)
		}
	}
}

func TestCanonicalEmoji(t *testing.T) {
	for text, want := range map[string]string{
		"❤": "❤\ufe0f", "❤\ufe0f": "❤\ufe0f", "❤\ufe0e": "❤\ufe0f", "👍": "👍", "👍\ufe0f": "👍", "👍🏽": "👍🏽",
		"✌🏽": "✌🏽", "✌\ufe0f": "✌\ufe0f", "1\u20e3": "1\ufe0f\u20e3", "1\ufe0f\u20e3": "1\ufe0f\u20e3", "🇸🇪": "🇸🇪",
		"👩\u200d❤\u200d👩":       "👩\u200d❤\ufe0f\u200d👩",
		"🏴\U000E0067\U000E007F": "",
		"🏳\u200d🌈":              "🏳\ufe0f\u200d🌈",
		"🤷🏿\u200d♀":             "🤷🏿\u200d♀\ufe0f",
		"1":                     "", "a": "", "": "", "👍👎": "", "🇸": "", "👍\u200d": "",
	} {
		if got, ok := CanonicalEmoji(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
		if again, _ := CanonicalEmoji(want); again != want {
			t.Errorf("%q is %q in turn", want, again)
		}
	}
}
