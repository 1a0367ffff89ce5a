package views

import "cmp"

// Fault is why a form came back. The zero Fault says that it did not.
type Fault struct {
	Status  int    // of HTTP; 0 without a fault
	Field   string // the name of the field at fault; "" when it is none of them
	Message string // a sentence for people
}

// At is what is wrong with a field; "" when nothing is. At("") is what is wrong with none of them.
func (f Fault) At(field string) string {
	if f.Field != field {
		return ""
	}
	return f.Message
}

// Beside is the fault beside a field: the first one, where it is none's.
func (f Fault) Beside(first string) Fault {
	f.Field = cmp.Or(f.Field, first)
	return f
}
