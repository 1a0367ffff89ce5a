package uploads

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

const (
	// A thumbnail fits in this box. Nothing is ever drawn larger than it is.
	thumbWidth  = 800
	thumbHeight = 600
	// smallBytes is what a picture that fits in the box may weigh to be shown without a thumbnail.
	smallBytes = 100 << 10
	// thumbQuality of JPEG: at this size the next better step costs a third more and shows nothing.
	thumbQuality = 80
)

// makePicture measures a decoded picture and makes the thumbnail that it needs.
func makePicture(st still, size int64) (picture, error) {
	p := picture{width: st.width, height: st.height}
	if turned(st.orientation) {
		p.width, p.height = st.height, st.width
	}
	fits := p.width <= thumbWidth && p.height <= thumbHeight
	if fits && size <= smallBytes {
		return p, nil
	}
	thumb := shrink(st)
	var buf bytes.Buffer
	var err error
	if thumb.Opaque() {
		p.thumbSuffix = thumbSuffixes[0].suffix
		err = jpeg.Encode(&buf, thumb, &jpeg.Options{Quality: thumbQuality})
	} else {
		p.thumbSuffix = thumbSuffixes[1].suffix
		err = png.Encode(&buf, thumb)
	}
	if err != nil {
		return picture{}, err
	}
	if fits && int64(buf.Len()) >= size {
		return p, nil // the picture itself is the better thumbnail
	}
	p.thumb = buf.Bytes()
	return p, nil
}

// shrink draws a still into the box, the right way up.
func shrink(st still) *image.RGBA {
	boxWidth, boxHeight := thumbWidth, thumbHeight
	if turned(st.orientation) {
		boxWidth, boxHeight = boxHeight, boxWidth
	}
	w, h := fit(st.width, st.height, boxWidth, boxHeight)
	thumb := image.NewRGBA(image.Rect(0, 0, w, h))
	// Where the still is a part of the picture, the rest stays clear.
	at := image.Rect(
		st.at.Min.X*w/st.width, st.at.Min.Y*h/st.height,
		(st.at.Max.X*w+st.width-1)/st.width, (st.at.Max.Y*h+st.height-1)/st.height)
	draw.ApproxBiLinear.Scale(thumb, at, st.pixels, st.pixels.Bounds(), draw.Src, nil)
	return turn(thumb, st.orientation)
}

// fit shrinks w × h into the box without changing its shape; what fits stays as it is. No side becomes
// nothing.
func fit(w, h, boxWidth, boxHeight int) (int, int) {
	switch {
	case w <= boxWidth && h <= boxHeight:
		return w, h
	case w*boxHeight >= h*boxWidth:
		return boxWidth, max(1, (h*boxWidth+w/2)/w)
	}
	return max(1, (w*boxHeight+h/2)/h), boxHeight
}

// turned reports whether a picture of this orientation is shown with its sides swapped.
func turned(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// turn brings a picture from how it is stored to how it is shown.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= upright || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if turned(orientation) {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			right, bottom := w-1-x, h-1-y
			var to image.Point
			switch orientation {
			case 2: // seen in a mirror
				to = image.Pt(right, y)
			case 3: // upside down
				to = image.Pt(right, bottom)
			case 4: // upside down in a mirror
				to = image.Pt(x, bottom)
			case 5: // lying on its side, in a mirror
				to = image.Pt(y, x)
			case 6: // the camera was held with its right side down
				to = image.Pt(bottom, x)
			case 7: // the other side, in a mirror
				to = image.Pt(bottom, right)
			case 8: // the other side
				to = image.Pt(y, right)
			}
			dst.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}
