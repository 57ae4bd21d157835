package io.navarch.schema.types;

import com.google.re2j.Pattern;

/// Numbers whose last digit follows from the others.
final class CheckDigits {
    private static final Pattern ISBN_10 = Pattern.compile("[0-9]{9}[0-9X]");
    private static final Pattern ISBN_13 = Pattern.compile("[0-9]{13}");

    /// What the numbers of issuers of cards begin with, and how long they are.
    private static final Pattern CARD = Pattern.compile(
            "4([0-9]{12}|[0-9]{15})" // Visa
                    + "|5[1-5][0-9]{14}" // Mastercard
                    + "|(6011|65[0-9]{2})[0-9]{12}" // Discover
                    + "|3[47][0-9]{13}" // American Express
                    + "|(30[0-5]|3[68][0-9])[0-9]{11}" // Diners Club
                    + "|(2131|1800|35[0-9]{3})[0-9]{11}"); // JCB

    private CheckDigits() {}

    static boolean isbn10(String text) {
        var digits = withoutSeparators(text);
        if (!ISBN_10.matches(digits)) return false;
        int sum = 0;
        for (int i = 0; i < 10; i++) sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        return sum % 11 == 0;
    }

    static boolean isbn13(String text) {
        var digits = withoutSeparators(text);
        if (!ISBN_13.matches(digits)) return false;
        int sum = 0;
        for (int i = 0; i < 13; i++) sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        return sum % 10 == 0;
    }

    private static String withoutSeparators(String text) {
        return text.replaceAll("[\\s-]", "");
    }

    /// By Luhn's sum; whatever is no digit is no part of the number.
    static boolean creditCard(String text) {
        var digits = text.replaceAll("[^0-9]", "");
        if (!CARD.matches(digits)) return false;
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            if (i % 2 == 1) digit *= 2;
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
    }
}
