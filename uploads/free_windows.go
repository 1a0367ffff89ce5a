package uploads

import "errors"

// Free returns how many bytes of the store's disk are free for it: errors.ErrUnsupported where the system does not say.
func (s *Store) Free() (int64, error) { return 0, errors.ErrUnsupported }
