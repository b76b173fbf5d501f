@main struct FTReport { static func main() {} }
