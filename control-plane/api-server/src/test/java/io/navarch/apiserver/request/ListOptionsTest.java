package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListOptionsTest {
    private static ListOptions list(String query) {
        return ListOptions.of(FakeCall.get("/api/v1/pods?" + query), false);
    }

    private static ListOptions watch(String query) {
        return ListOptions.of(FakeCall.get("/api/v1/pods?watch=1&" + query), true);
    }

    @Test
    void nothingSaidAsksForEverythingAsOfNow() {
        var options = list("");
        assertThat(options.limit()).isZero();
        assertThat(options.revision()).isZero();
        assertThat(options.version()).isEmpty();
        assertThat(options.initialEvents()).isEmpty();
        assertThat(options.bookmarks()).isFalse();
    }

    @Test
    void theQueryIsRead() {
        var options = list("limit=5&continue=abc&resourceVersion=0&timeoutSeconds=7");
        assertThat(options.limit()).isEqualTo(5);
        assertThat(options.continuation()).isEqualTo("abc");
        assertThat(options.version()).isEqualTo("0");
        assertThat(options.timeoutSeconds()).isEqualTo(7);
        assertThat(list("limit=-3").limit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resourceVersionMatch=Exact",
                "resourceVersionMatch=Exact&resourceVersion=0",
                "resourceVersionMatch=Later&resourceVersion=4",
                "resourceVersionMatch=Exact&resourceVersion=4&continue=abc",
                "sendInitialEvents=true"
            })
    void listsRefuseWhatContradictsItself(String query) {
        assertThatThrownBy(() -> list(query))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.INVALID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sendInitialEvents=true",
                "resourceVersionMatch=NotOlderThan",
                "sendInitialEvents=true&resourceVersionMatch=Exact"
            })
    void watchesRefuseWhatContradictsItself(String query) {
        assertThatThrownBy(() -> watch(query)).isInstanceOf(ApiException.class);
    }

    @Test
    void aWatchMayAskForTheStateFirst() {
        var options = watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        assertThat(options.initialEvents()).contains(true);
        assertThat(options.bookmarks()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=many", "timeoutSeconds=x"})
    void numbersThatAreNoneAreRefused(String query) {
        assertThatThrownBy(() -> list(query))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.BAD_REQUEST));
    }

    @Test
    void aVersionThatIsNoNumberIsRefusedWhenItIsUsed() {
        assertThatThrownBy(() -> list("resourceVersion=x").revision())
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("invalid resource version");
    }
}
