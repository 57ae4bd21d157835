package io.navarch.schema.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
    @ParameterizedTest
    @CsvSource({
        "cidr, 10.0.0.0/8, true",
        "cidr, dead::beef::/64, false",
        "cidr, 10.0.0.0, false",
        "ipv4, 10.0.0.1, true",
        "ipv4, ::1, false",
        "ipv6, ::1, true",
        "byte, YWJj, true",
        "byte, '...', false",
        "date-time, 2024-01-01T00:00:00Z, true",
        "date-time, yesterday, false",
        "date, 2024-02-30, false",
        "date, 2024-02-29, true",
        "uuid, 9f5f9b0e-0f0b-4f7c-9d3c-0d6a5b9c1c11, true",
        "uuid4, 9f5f9b0e-0f0b-1f7c-9d3c-0d6a5b9c1c11, false",
        "uri, https://example.com/x, true",
        "uri, 'a b', false",
        "duration, 1h30m, true",
        "duration, soon, false",
        "mac, 01:23:45:67:89:ab, true",
        "k8s-short-name, A, false",
        "never-heard-of, anything, true"
    })
    void textsFitFormats(String format, String text, boolean fits) {
        assertThat(Formats.fits(format, text)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "string, date-time, true",
        "'', email, true",
        "string, int64, false",
        "integer, int64, true",
        "integer, date, false",
        "number, float, true",
        "object, byte, false"
    })
    void formatsBelongToTypes(String type, String format, boolean known) {
        assertThat(Formats.known(type, format)).isEqualTo(known);
    }
}
