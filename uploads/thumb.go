package uploads

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

const (
	// A thumbnail fits in this box. Pictures are never enlarged.
	thumbWidth  = 800
	thumbHeight = 600
	// smallBytes is the most a picture that fits in the box may weigh to be shown without a thumbnail.
	smallBytes = 100 << 10
	// A picture of at most ownBytes and ownPixels may be shown itself if there is no good thumbnail.
	ownBytes  = 1 << 20
	ownPixels = 4_000_000
	// thumbQuality is the JPEG quality: the next step costs a third more bytes without a visible difference at this size.
	thumbQuality = 80
)

// measure returns a still's picture, without a thumbnail.
func measure(st still) picture {
	if turned(st.orientation) {
		return picture{width: st.height, height: st.width}
	}
	return picture{width: st.width, height: st.height}
}

// makePicture measures a decoded picture and makes its thumbnail if it is large, or an animation, for users who prefer
// no motion. A thumbnail larger than the file is dropped.
func makePicture(st still, size int64) (picture, error) {
	p := measure(st)
	if p.width <= thumbWidth && p.height <= thumbHeight && size <= smallBytes && !st.moves {
		return p, nil
	}
	thumb := shrink(st)
	var asJPEG, asPNG bytes.Buffer
	best, suffix := &asJPEG, thumbSuffixes[0].suffix
	opaque := thumb.Opaque()
	if opaque {
		if err := jpeg.Encode(&asJPEG, thumb, &jpeg.Options{Quality: thumbQuality}); err != nil {
			return picture{}, err
		}
	}
	if !opaque || int64(asJPEG.Len()) >= size { // drawings with few colours are smaller as PNG
		if err := png.Encode(&asPNG, thumb); err != nil {
			return picture{}, err
		}
		if !opaque || asPNG.Len() < asJPEG.Len() {
			best, suffix = &asPNG, thumbSuffixes[1].suffix
		}
	}
	// With very many pixels a browser would need much memory: then any thumbnail is better.
	if int64(best.Len()) >= size && p.width*p.height <= ownPixels {
		return p, nil
	}
	p.thumb, p.thumbSuffix = best.Bytes(), suffix
	return p, nil
}

// shrink draws a still into the box of thumbnails, upright.
func shrink(st still) *image.RGBA { return shrinkInto(st, thumbWidth, thumbHeight) }

// shrinkInto draws a still into a box, upright.
func shrinkInto(st still, boxWidth, boxHeight int) *image.RGBA {
	if turned(st.orientation) {
		boxWidth, boxHeight = boxHeight, boxWidth
	}
	w, h := fit(st.width, st.height, boxWidth, boxHeight)
	thumb := image.NewRGBA(image.Rect(0, 0, w, h))
	// If the still covers a part of the picture, the rest stays transparent.
	at := image.Rect(
		st.at.Min.X*w/st.width, st.at.Min.Y*h/st.height,
		(st.at.Max.X*w+st.width-1)/st.width, (st.at.Max.Y*h+st.height-1)/st.height)
	draw.ApproxBiLinear.Scale(thumb, at, st.pixels, st.pixels.Bounds(), draw.Src, nil)
	return turn(thumb, st.orientation)
}

// fit scales w × h into the box and keeps the aspect ratio; it never enlarges. No side becomes 0.
func fit(w, h, boxWidth, boxHeight int) (int, int) {
	switch {
	case w <= boxWidth && h <= boxHeight:
		return w, h
	case w*boxHeight >= h*boxWidth:
		return boxWidth, max(1, (h*boxWidth+w/2)/w)
	}
	return max(1, (w*boxHeight+h/2)/h), boxHeight
}

// turned reports whether this orientation swaps the sides of a picture.
func turned(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// turn converts a picture from its stored orientation to upright.
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
			case 2: // mirrored
				to = image.Pt(right, y)
			case 3: // rotated by 180°
				to = image.Pt(right, bottom)
			case 4: // rotated by 180° and mirrored
				to = image.Pt(x, bottom)
			case 5: // on its side and mirrored
				to = image.Pt(y, x)
			case 6: // the camera was held with its right side down
				to = image.Pt(bottom, x)
			case 7: // on its other side and mirrored
				to = image.Pt(bottom, right)
			case 8: // on its other side
				to = image.Pt(y, right)
			}
			dst.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}
