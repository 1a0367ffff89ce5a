package uploads

import (
	"slices"
	"strings"
)

// foreign are extensions with advice on what to send instead, where they are not taken. into is what the advice leads
// to: it is given only where that is taken.
var foreign = []struct {
	endings []string
	into    string
	advice  string
}{
	{strings.Fields("heic heics heif heifs hif avif avifs jxl jp2 j2k jpf jpx jxr tif tiff bmp dib tga dng raw cr2 cr3 " +
		"crw nef arw orf rw2 raf pef srw"), "jpg", asJPEGAdvice},
	{strings.Fields("svg svgz ico icns psd psb xcf ai eps wmf emf sketch fig"), "png", "Save it as PNG, and send that."},
	{strings.Fields("doc docx docm dot dotx odt rtf pages xls xlsx xlsm ods numbers ppt pptx pptm pps ppsx odp key html " +
		"htm xhtml mhtml epub djvu xps ps vsd vsdx"), "pdf", "Save it as PDF, and send that."},
	{strings.Fields("md markdown csv tsv log json xml yaml yml toml ini conf cfg sql patch diff tex srt vtt ics vcf go " +
		"py js ts css c h cpp rs java rb php"), "txt",
		"If it is plain text, rename it to end in .txt and send it again."},
	{strings.Fields("mp4 m4v mov qt webm avi mkv wmv mpg mpeg 3gp mp3 m4a aac wav ogg oga ogv opus flac zip rar 7z gz " +
		"tgz tar xz bz2 zst"), "", "Put it where the others can open it, and send the address."},
}

const asJPEGAdvice = "Save it as JPEG, and send that."

// advice returns what to do about a file with an extension that is not taken.
func (t Types) advice(ext string) string {
	for _, f := range foreign {
		if slices.Contains(f.endings, ext) && (f.into == "" || t.take(f.into)) {
			return f.advice
		}
	}
	return t.Words()
}
