package io.navarch.expressions.function;

/// Where a text has a part, in a time that grows with both and not with one times the other: whoever sends an object
/// chooses the text and the part.
///
/// Source: https://en.wikipedia.org/wiki/Knuth-Morris-Pratt_algorithm
final class Search {
    /// Up to here a machine compares faster than it could be done more cleverly.
    private static final int SHORT = 16;

    private Search() {}

    /// @return -1 when it is not there
    static int first(String text, String part, int from) {
        return part.length() <= SHORT ? text.indexOf(part, from) : search(text, part, from, text.length(), false);
    }

    /// The last that begins at a place or before it.
    static int last(String text, String part, int from) {
        if (part.length() <= SHORT) return text.lastIndexOf(part, from);
        long end = (long) from + part.length();
        return search(text, part, 0, (int) Math.min(text.length(), end), true);
    }

    private static int search(String text, String part, int from, int end, boolean last) {
        if (end - from < part.length()) return -1;
        var again = again(part);
        int found = -1;
        int same = 0;
        for (int i = from; i < end; i++) {
            while (same > 0 && part.charAt(same) != text.charAt(i)) same = again[same - 1];
            if (part.charAt(same) == text.charAt(i)) same++;
            if (same < part.length()) continue;
            found = i + 1 - same;
            if (!last) return found;
            same = again[same - 1];
        }
        return found;
    }

    /// Of each beginning of a part, how long the longest is that it begins and ends with.
    private static int[] again(String part) {
        var again = new int[part.length()];
        int same = 0;
        for (int i = 1; i < part.length(); i++) {
            while (same > 0 && part.charAt(same) != part.charAt(i)) same = again[same - 1];
            if (part.charAt(same) == part.charAt(i)) same++;
            again[i] = same;
        }
        return again;
    }
}
