package io.navarch.expressions.function;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.navarch.expressions.value.Opaque;
import io.navarch.schema.types.GoPattern;

/// A pattern that an expression has written out, ready to be used. It is the expression's, and goes with it.
public record KnownPattern(String text, Pattern pattern) implements Opaque {
    /// @throws PatternSyntaxException when it is none
    public static KnownPattern of(String text) {
        return new KnownPattern(text, GoPattern.compile(text));
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public long size() {
        return text.codePointCount(0, text.length());
    }

    @Override
    public boolean same(Opaque other) {
        return other instanceof KnownPattern known && text.equals(known.text);
    }
}
