/// Where the tests find their files.
public enum Fixture {}
