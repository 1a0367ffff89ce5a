// The colours chosen by hand.
