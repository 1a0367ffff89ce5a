package browsertest

import (
	"image"
	"image/color"
	"math"
	"os"
	"testing"
)

// This test makes the README's pictures: see the command `pictures` of Taskfile.yml.
func TestPictures(t *testing.T) {
	if os.Getenv("CHITCHAT_SHOTS") == "" {
		t.Skip("CHITCHAT_SHOTS names no folder for pictures")
	}
	t.Parallel()
	app := Start(t)
	_, mira := app.SignedIn("Mira")
	jonas, priya := app.Client("Jonas"), app.Client("Priya")
	for _, name := range []string{"Launch", "Kitchen", "Reading circle"} {
		jonas.Form("/c", form("name", name))
	}

	jonas.Post(general, "Good morning! The new print of the trail map is here.")
	jonas.Post(general, "Two hundred copies, folded. They smell of ink.")
	mira.Sees("smell of ink")
	mira.Choose(fileField, landscape(t, "ridge-at-dawn.png"),
		file(t, "print-order.txt", []byte("200 copies, A2, folded twice")))
	mira.Say("This is the picture for the cover: the ridge at dawn.\nThe order is with it. Is the paper " +
		"what we agreed on?")
	priya.Post(general, "It is. The mill answered too: https://example.org/paper/120-gram")
	jonas.Post(general, "Then I take fifty to the hut on Thursday")
	jonas.Form("/c/"+general+"/5/edit", form("body", "Then I take fifty to the hut on Friday, when the path is dry."))
	priya.Post(general, "Have a good weekend, all of you! 週末愉快 · שבת שלום")
	priya.Talk("launch", "Step", 3)
	jonas.Post("kitchen", "There is cake.")
	mira.Sees("good weekend")
	_, _ = app.SignedIn("Jonas K.")
	mira.Open("/c/" + general)
	mira.Connected()
	mira.Online(2)
	mira.Wait("the picture is loaded",
		`(() => { const i = document.querySelector('#messages a.picture img'); return i?.complete && i.naturalWidth > 0 })()`)

	mira.Size(1100, 720)
	mira.Dark(false)
	mira.Shot("channel")
	mira.Dark(true)
	mira.Phone()
	mira.Reload()
	mira.Connected()
	mira.Shot("phone")
}

// landscape draws ridges behind each other under a rising sun, and returns the file's path.
func landscape(t *testing.T, name string) string {
	t.Helper()
	const width, height = 800, 360
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{
		color.RGBA{R: 0xfb, G: 0xd3, B: 0xa5, A: 255}, color.RGBA{R: 0xff, G: 0xf2, B: 0xd0, A: 255},
		color.RGBA{R: 0xc9, G: 0x9b, B: 0xa8, A: 255}, color.RGBA{R: 0x86, G: 0x74, B: 0x9b, A: 255},
		color.RGBA{R: 0x4d, G: 0x55, B: 0x80, A: 255}, color.RGBA{R: 0x23, G: 0x33, B: 0x52, A: 255},
	})
	for x := range width {
		for y := range height {
			colour := 0
			if math.Hypot(float64(x-560), float64(y-130)) < 46 {
				colour = 1
			}
			for ridge := range 4 {
				at, wide := float64(x)+97*float64(ridge*ridge), 150/float64(ridge+1)
				top := 150 + 52*float64(ridge) - 26*math.Sin(at/wide) - 14*math.Sin(at/wide*2.3) - 5*math.Sin(at/wide*7)
				if float64(y) > top {
					colour = ridge + 2
				}
			}
			img.SetColorIndex(x, y, uint8(colour))
		}
	}
	return drawn(t, name, img)
}
