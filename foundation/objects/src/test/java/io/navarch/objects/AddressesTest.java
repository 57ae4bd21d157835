package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "10.1.200.255, 10.1.200.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "FE80::0001:0:0:5, fe80::1:0:0:5",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
        "::ffff:10.0.0.1, 10.0.0.1",
        "::ffff:0a00:1, 10.0.0.1",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    })
    void areReadAndWritten(String text, String canonical) {
        assertThat(Addresses.canonical(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "1..2.3",
                "+1.2.3.4",
                "١.2.3.4",
                ":",
                ":::",
                "1:",
                ":1",
                "1:2",
                "::1::",
                "1::2::3",
                "12345::",
                "g::",
                "::1:",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "::1.2.3",
                "::1.2.3.256",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "fe80::1%eth0",
                "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
            })
    void whatIsNoneIsRefused(String text) {
        assertThat(Addresses.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 8", "::/0, 0", "::/128, 128", "10.0.0.0/33, -1", "10.0.0.0/08, -1", "10.0.0.0/+8, -1"})
    void networksHaveLengths(String text, int length) {
        assertThat(Addresses.prefix(text)).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true",
        "169.253.0.1, true",
        "fd00::1, true",
        "64:ff9b::1, true",
        "127.0.0.1, false",
        "127.8.8.8, false",
        "::1, false",
        "::ffff:127.0.0.1, false",
        "169.254.169.254, false",
        "::ffff:169.254.169.254, false",
        "fe80::1, false",
        "0.0.0.0, false",
        "::, false",
        "224.0.0.1, false",
        "ff02::1, false",
        "255.255.255.255, false",
        "localhost, false",
    })
    void whatOnlyTheMachineMayReachIsNoAddressOfOthers(String text, boolean expected) {
        assertThat(Addresses.globalUnicast(text)).isEqualTo(expected);
    }
}
