package dev.attune.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path folder;

    @Test
    void isNamedByTheEnvironmentOrLiesInTheCache() {
        assertThat(Home.of(Map.of("ATTUNE_HOME", folder.toString())).folder()).isEqualTo(folder);
        Path usual = Path.of(System.getProperty("user.home"), ".cache", "attune");
        assertThat(Home.of(Map.of()).folder()).isEqualTo(usual);
        assertThat(Home.of(Map.of("ATTUNE_HOME", " ")).folder()).isEqualTo(usual);
    }

    @Test
    void aLockIsHeldByOneThreadAtATime() throws InterruptedException {
        var home = new Home(folder);
        var order = Collections.synchronizedList(new ArrayList<String>());
        var started = new CountDownLatch(1);
        Thread second;
        try (var lock = home.lock("data/x")) {
            assertThat(lock).isNotNull();
            second = new Thread(() -> {
                started.countDown();
                try (var mine = home.lock("data/x")) {
                    order.add(mine == null ? "" : "second");
                }
            });
            second.start();
            started.await();
            Thread.sleep(50);
            order.add("first");
        }
        second.join();
        assertThat(order).containsExactly("first", "second");
    }
}
