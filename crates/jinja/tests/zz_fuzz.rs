use karat_jinja::*;
#[test]
fn fuzz() {
    let data: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(std::env::var("FUZZ").unwrap()).unwrap()).unwrap();
    let e = Engine::new();
    let (mut bad, mut kinds) = (0, 0);
    for c in data["cases"].as_array().unwrap() {
        let t = c["t"].as_str().unwrap();
        let r = e.render("f", t, from_json(data["ctx"].clone()));
        match (&r, c["output"].as_str(), c["error"].as_str()) {
            (Ok(a), Some(b), _) if a == b => {}
            (Err(_), None, Some(_))
                if r.as_ref().unwrap_err().message().lines().next().unwrap_or("").trim()
                    == c["error"].as_str().unwrap() => {}
            (Err(a), None, Some(b)) => {
                kinds += 1;
                println!("MSG {t}\n   want {b}\n   got  {}", a.message());
            }
            _ => {
                bad += 1;
                println!("BAD {t}\n   want {} {}\n   got  {r:?}", c["output"], c["error"]);
            }
        }
    }
    println!("bad {bad} messages {kinds}");
}
