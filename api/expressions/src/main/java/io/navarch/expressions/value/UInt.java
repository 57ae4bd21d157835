package io.navarch.expressions.value;

import java.math.BigInteger;

/// A whole number without a sign.
///
/// @param bits its 64 bits
public record UInt(long bits) implements Comparable<UInt> {
    @Override
    public int compareTo(UInt other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    public BigInteger number() {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    public double asDouble() {
        return bits >= 0 ? bits : number().doubleValue();
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
