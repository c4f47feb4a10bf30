package twemlab.sim.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import twemlab.proxy.testing.Programs;

/// A headless Chromium of this machine with a page of the viewer in it. Browser and driver are
/// named by their paths, so that nothing is looked for on a network.
final class Browser implements AutoCloseable {
  private static final String[] NAMES = {"chromium", "chromium-browser", "google-chrome"};
  private static final String DRIVER = "chromedriver";

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /// Skips the test that calls this where no browser is installed.
  static void need() {
    Path _ = Programs.need(NAMES);
    Path _ = Programs.need(DRIVER);
  }

  /// A browser; empty where none is installed.
  static Optional<Browser> start(Path profile) {
    return Programs.find(NAMES)
        .flatMap(program -> Programs.find(DRIVER).map(driver -> start(program, driver, profile)));
  }

  private static Browser start(Path program, Path chromedriver, Path profile) {
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.toFile())
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options(program, profile)));
  }

  private static ChromeOptions options(Path program, Path profile) {
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program.toFile());
    options.setCapability("goog:loggingPrefs", logging);
    options.addArguments(
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--window-size=1366,900",
        "--user-data-dir=" + profile);
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox");
    }
    return options;
  }

  /// Opens a page of the viewer and waits until it stands at its first step.
  void open(Path page) {
    open(page, "");
  }

  void open(Path page, String view) {
    driver.get("about:blank");
    driver.get(page.toUri() + view);
    driver.executeAsyncScript("twemlab.opened.then(arguments[0])");
  }

  /// The size of the window, in pixels.
  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  long number(String script) {
    return ((Number) run("return " + script)).longValue();
  }

  /// The step that is chosen, counted from 0.
  int step() {
    return (int) number("twemlab.view.step");
  }

  void press(CharSequence... keys) {
    for (CharSequence key : keys) {
      new Actions(driver).sendKeys(key).perform();
    }
  }

  void press(Keys key, int times) {
    Actions actions = new Actions(driver);
    for (int i = 0; i < times; i++) {
      actions.sendKeys(key);
    }
    actions.perform();
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  void pointAt(WebElement element) {
    new Actions(driver).moveToElement(element).perform();
  }

  /// Clicks into an element, a share of its width from its middle.
  void clickIn(WebElement element, double share) {
    int x = (int) (element.getSize().getWidth() * share);
    new Actions(driver).moveToElement(element, x, 0).click().perform();
  }

  /// A command of the DevTools protocol.
  Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /// What the page reported as wrong since it was last asked.
  List<String> problems() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() throws IOException {
    driver.quit();
  }
}
