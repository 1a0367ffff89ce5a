package views

// faultOf is the error that belongs to a field, "" when it belongs to another one.
func faultOf(field, at, fault string) string {
	if field != at {
		return ""
	}
	return fault
}
