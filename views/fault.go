package views

import "cmp"

// Fault is why a form is shown again. The zero Fault means that there is none.
type Fault struct {
	Status  int    // HTTP status; 0 without a fault
	Field   string // the name of the field at fault; "" for none
	Message string // a sentence for people
}

// At returns the message for a field, or "". At("") returns the message that concerns no field.
func (f Fault) At(field string) string {
	if f.Field != field {
		return ""
	}
	return f.Message
}

// Beside returns the fault at this field if it concerns none.
func (f Fault) Beside(first string) Fault {
	f.Field = cmp.Or(f.Field, first)
	return f
}
