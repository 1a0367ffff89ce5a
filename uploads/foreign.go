package uploads

import (
	"slices"
	"strings"
)

// Foreign are extensions of files that are refused, with advice.
type Foreign struct {
	Endings []string // without the dot
	Advice  string   // a sentence: what to do instead
}

const (
	asJPEGAdvice = "Save it as JPEG, and send that."
	asPNGAdvice  = "Save it as PNG, and send that."
	asPDFAdvice  = "Save it as PDF, and send that."
	asTextAdvice = "If it is plain text, rename it to end in .txt and send it again."
	linkAdvice   = "Put it where the others can open it, and send the address."
)

var foreign = []Foreign{
	{strings.Fields("heic heics heif heifs hif avif avifs jxl jp2 j2k jpf jpx jxr tif tiff bmp dib tga dng raw cr2 cr3 " +
		"crw nef arw orf rw2 raf pef srw"), asJPEGAdvice},
	{strings.Fields("svg svgz ico icns psd psb xcf ai eps wmf emf sketch fig"), asPNGAdvice},
	{strings.Fields("doc docx docm dot dotx odt rtf pages xls xlsx xlsm ods numbers ppt pptx pptm pps ppsx odp key html " +
		"htm xhtml mhtml epub djvu xps ps vsd vsdx"), asPDFAdvice},
	{strings.Fields("md markdown csv tsv log json xml yaml yml toml ini conf cfg sql patch diff tex srt vtt ics vcf go " +
		"py js ts css c h cpp rs java rb php"), asTextAdvice},
	{strings.Fields("mp4 m4v mov qt webm avi mkv wmv mpg mpeg 3gp mp3 m4a aac wav ogg oga ogv opus flac zip rar 7z gz " +
		"tgz tar xz bz2 zst"), linkAdvice},
}

// advice returns the advice for a refused extension in lower case; "" for an unknown one.
func advice(ending string) string {
	for _, f := range foreign {
		if slices.Contains(f.Endings, ending) {
			return f.Advice
		}
	}
	return ""
}

// ForeignFormats returns the known refused extensions, with their advice.
func ForeignFormats() []Foreign { return slices.Clone(foreign) }

// Taken returns a sentence about the accepted files.
func Taken() string { return taken }

// Endings returns the extensions of accepted files, with their dots, as an accept attribute lists them; of pictures
// only, if pictures is true.
func Endings(pictures bool) string {
	var list []string
	for _, f := range formats {
		if pictures && f.decode == nil {
			continue
		}
		for _, e := range f.extensions {
			list = append(list, "."+e)
		}
	}
	return strings.Join(list, ",")
}
