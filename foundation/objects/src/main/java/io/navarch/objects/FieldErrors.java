package io.navarch.objects;

import java.util.ArrayList;
import java.util.Collection;

/// What is wrong with an object, as far as anybody wants to know: an object of millions of wrong values must not become
/// an answer of many times its size. What does not fit any more is left out; the first error is always there.
public final class FieldErrors extends ArrayList<FieldError> {
    /// The original tells of each pair of 130 equal elements; so much has room.
    private static final int LONGEST = 4 << 20;

    private int characters;

    public FieldErrors() {
        super(0);
    }

    @Override
    public boolean add(FieldError error) {
        if (characters > LONGEST) return false;
        characters += error.length();
        return super.add(error);
    }

    @Override
    public boolean addAll(Collection<? extends FieldError> errors) {
        int before = size();
        errors.forEach(this::add);
        return size() > before;
    }
}
