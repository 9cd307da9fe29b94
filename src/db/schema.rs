//! The tables as diesel sees them, written once for both databases.
//!
//! The columns' meaning stands in the migrations; a test compares these declarations, and the two
//! folders of migrations, with what the databases really hold. Times are UTC microseconds.

diesel::table! {
    setting_versions (id) {
        id -> BigInt,
        name -> Text,
        value -> Text,
        set_by -> Nullable<BigInt>,
        set_at -> BigInt,
    }
}

diesel::table! {
    site_secrets (name) {
        name -> Text,
        value -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    content_versions (name) {
        name -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        position -> Nullable<BigInt>,
        kind -> Text,
        schema_version -> BigInt,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        origin -> Text,
        actor_id -> Nullable<BigInt>,
        question_id -> Nullable<BigInt>,
        space_id -> Nullable<BigInt>,
        payload -> Text,
    }
}

diesel::table! {
    follower_cursors (name) {
        name -> Text,
        position -> BigInt,
        moved_at -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        until -> BigInt,
    }
}

diesel::table! {
    timed (id) {
        id -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        due_at -> BigInt,
        payload -> Text,
        attempts -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        occurred_at -> BigInt,
        actor_id -> Nullable<BigInt>,
        act -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        detail -> Text,
    }
}

diesel::table! {
    rate_counters (scope, subject, window_start) {
        scope -> Text,
        subject -> Text,
        window_start -> BigInt,
        used -> BigInt,
    }
}

diesel::table! {
    products (id) {
        id -> BigInt,
        external_id -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    organisations (id) {
        id -> BigInt,
        external_id -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    entitlements (id) {
        id -> BigInt,
        external_id -> Nullable<Text>,
        organisation_id -> BigInt,
        product_id -> BigInt,
        tier -> Nullable<Text>,
        ends_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    spaces (id) {
        id -> BigInt,
        key -> Text,
        name -> Text,
        description -> Text,
        product_id -> Nullable<BigInt>,
        ask_fields -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    members (id) {
        id -> BigInt,
        kind -> Text,
        role -> Text,
        handle -> Text,
        handle_key -> Text,
        name -> Text,
        name_key -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        organisation_id -> Nullable<BigInt>,
        about -> Text,
        locale -> Text,
        time_zone -> Text,
        state -> Text,
        suspended_until -> Nullable<BigInt>,
        suspended_reason -> Nullable<Text>,
        suspended_by -> Nullable<BigInt>,
        merged_into -> Nullable<BigInt>,
        reputation -> BigInt,
        origin -> Text,
        source -> Nullable<Text>,
        original_id -> Nullable<Text>,
        created_at -> BigInt,
        seen_at -> Nullable<BigInt>,
        unread -> BigInt,
        good -> BigInt,
        bad -> BigInt,
        privileges_taken -> Text,
        gurus -> BigInt,
    }
}

diesel::table! {
    contacts (id) {
        id -> BigInt,
        name -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        organisation_id -> Nullable<BigInt>,
        member_id -> Nullable<BigInt>,
        external_id -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    space_grants (member_id, space_id) {
        space_id -> BigInt,
        member_id -> BigInt,
        granted_by -> Nullable<BigInt>,
        reason -> Text,
        granted_at -> BigInt,
        ends_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    moderated_spaces (member_id, space_id) {
        member_id -> BigInt,
        space_id -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        member_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
        ends_at -> BigInt,
        address -> Text,
        user_agent -> Text,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        token_hash -> Text,
        member_id -> BigInt,
        name -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    idempotent_answers (token_id, key) {
        token_id -> BigInt,
        key -> Text,
        request_hash -> Text,
        status -> Nullable<BigInt>,
        content_type -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Nullable<Text>,
        begun_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        token_hash -> Text,
        email -> Nullable<Text>,
        space_id -> Nullable<BigInt>,
        claim_member_id -> Nullable<BigInt>,
        uses_left -> BigInt,
        ends_at -> BigInt,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    invitation_uses (invitation_id, member_id) {
        invitation_id -> BigInt,
        member_id -> BigInt,
        used_at -> BigInt,
    }
}

diesel::table! {
    one_time_links (id) {
        id -> BigInt,
        purpose -> Text,
        token_hash -> Text,
        member_id -> Nullable<BigInt>,
        payload -> Text,
        created_at -> BigInt,
        ends_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        kind -> Text,
        thread_id -> Nullable<BigInt>,
        parent_id -> Nullable<BigInt>,
        space_id -> BigInt,
        author_id -> Nullable<BigInt>,
        author_name -> Nullable<Text>,
        language -> Nullable<Text>,
        up -> BigInt,
        down -> BigInt,
        visibility -> Text,
        visibility_reason -> Nullable<Text>,
        visibility_by -> Nullable<BigInt>,
        visibility_until -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        deleted_by -> Nullable<BigInt>,
        merged_into -> Nullable<BigInt>,
        endorsed_at -> Nullable<BigInt>,
        endorsed_by -> Nullable<BigInt>,
        origin -> Text,
        source -> Nullable<Text>,
        original_id -> Nullable<Text>,
        version -> BigInt,
        imported_version -> Nullable<BigInt>,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        edited_by -> Nullable<BigInt>,
        editor_name -> Nullable<Text>,
        edit_reason -> Nullable<Text>,
        deleted_why -> Nullable<Text>,
        suggestions -> BigInt,
    }
}

diesel::table! {
    post_texts (post_id) {
        post_id -> BigInt,
        body -> Text,
        body_format -> Text,
        body_html -> Text,
        renderer -> BigInt,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        post_id -> BigInt,
        number -> BigInt,
        title -> Nullable<Text>,
        tags -> Nullable<Text>,
        body -> Text,
        body_format -> Text,
        editor_id -> Nullable<BigInt>,
        editor_name -> Nullable<Text>,
        reason -> Nullable<Text>,
        made_at -> BigInt,
    }
}

diesel::table! {
    restrictions (id) {
        id -> BigInt,
        scope -> Text,
        subject_id -> BigInt,
        kind -> Text,
        reason -> Text,
        detail -> Text,
        set_by -> Nullable<BigInt>,
        starts_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        undone_at -> Nullable<BigInt>,
        undone_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    post_readers (post_id, member_id) {
        post_id -> BigInt,
        member_id -> BigInt,
    }
}

diesel::table! {
    imported_tallies (post_id, day) {
        post_id -> BigInt,
        day -> BigInt,
        up -> BigInt,
        down -> BigInt,
    }
}

diesel::table! {
    imported_affected (question_id) {
        question_id -> BigInt,
        people -> BigInt,
    }
}

diesel::table! {
    questions (post_id) {
        post_id -> BigInt,
        space_id -> BigInt,
        title -> Text,
        excerpt -> Text,
        fields -> Text,
        author_id -> Nullable<BigInt>,
        author_name -> Nullable<Text>,
        created_at -> BigInt,
        last_activity_at -> BigInt,
        last_actor_id -> Nullable<BigInt>,
        last_actor_name -> Nullable<Text>,
        score -> BigInt,
        answers -> BigInt,
        answers_by_others -> BigInt,
        views -> BigInt,
        affected_people -> BigInt,
        affected_organisations -> BigInt,
        affected_imported -> BigInt,
        followers -> BigInt,
        accepted_id -> Nullable<BigInt>,
        accepted_at -> Nullable<BigInt>,
        endorsed -> BigInt,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<BigInt>,
        close_reason -> Nullable<Text>,
        duplicate_of -> Nullable<BigInt>,
        thread_version -> BigInt,
        cycle -> BigInt,
        listed -> Bool,
        solved -> Bool,
        unsolved -> Bool,
        unanswered -> Bool,
        closed -> Bool,
        claimed_by -> Nullable<BigInt>,
        claimed_at -> Nullable<BigInt>,
        claimed_until -> Nullable<BigInt>,
        handed_over_by -> Nullable<BigInt>,
        handed_over_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tags (id) {
        id -> BigInt,
        name -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    question_tags (question_id, tag_id) {
        question_id -> BigInt,
        tag_id -> BigInt,
        place -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    tag_counts (tag_id, space_id) {
        tag_id -> BigInt,
        space_id -> BigInt,
        questions -> BigInt,
    }
}

diesel::table! {
    member_counts (member_id, space_id) {
        member_id -> BigInt,
        space_id -> BigInt,
        questions -> BigInt,
        answers -> BigInt,
        accepted -> BigInt,
    }
}

diesel::table! {
    votes (post_id, member_id) {
        post_id -> BigInt,
        member_id -> BigInt,
        value -> BigInt,
        cast_at -> BigInt,
        annulled_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    affected (question_id, member_id) {
        question_id -> BigInt,
        member_id -> BigInt,
        organisation_key -> Text,
        product_version -> Nullable<Text>,
        platform -> Nullable<Text>,
        note -> Nullable<Text>,
        since -> BigInt,
    }
}

diesel::table! {
    follows (question_id, member_id) {
        question_id -> BigInt,
        member_id -> BigInt,
        since -> BigInt,
        level -> Nullable<Text>,
    }
}

diesel::table! {
    post_links (from_id, to_id, kind) {
        from_id -> BigInt,
        to_id -> BigInt,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    badges (id) {
        id -> BigInt,
        member_id -> BigInt,
        name -> Text,
        awarded_at -> BigInt,
        origin -> Text,
        source -> Nullable<Text>,
        original_id -> Nullable<Text>,
        badge -> Nullable<Text>,
        fact -> Nullable<Text>,
        post_id -> Nullable<BigInt>,
        question_id -> Nullable<BigInt>,
        space_id -> Nullable<BigInt>,
        least -> Nullable<BigInt>,
    }
}

diesel::table! {
    question_readers (question_id, member_id) {
        question_id -> BigInt,
        member_id -> BigInt,
        read_at -> BigInt,
    }
}

diesel::table! {
    counter_drifts (question_id) {
        question_id -> BigInt,
        found_at -> BigInt,
        stored -> Text,
        recounted -> Text,
    }
}

diesel::table! {
    deflections (id) {
        id -> BigInt,
        member_id -> BigInt,
        question_id -> BigInt,
        space_id -> BigInt,
        deflected_at -> BigInt,
    }
}

diesel::table! {
    missed_searches (id) {
        id -> BigInt,
        query_key -> Text,
        spaces -> Text,
        query -> Text,
        people -> BigInt,
        first_at -> BigInt,
        last_at -> BigInt,
        dismissed_at -> Nullable<BigInt>,
        dismissed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    missed_search_members (missed_id, member_id) {
        missed_id -> BigInt,
        member_id -> BigInt,
        searched_at -> BigInt,
    }
}

diesel::table! {
    saved_searches (id) {
        id -> BigInt,
        member_id -> BigInt,
        query -> Text,
        notify -> Text,
        seen_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        fact -> Text,
        message_id -> Text,
        kind -> Text,
        member_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        notice_id -> Nullable<BigInt>,
        recipient -> Text,
        subject -> Text,
        body_text -> Text,
        body_html -> Text,
        headers -> Text,
        secret -> Bool,
        state -> Text,
        attempts -> BigInt,
        due_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        problem -> Nullable<Text>,
        urgent -> Bool,
        first_put_off_at -> Nullable<BigInt>,
        shown -> Nullable<Text>,
    }
}

diesel::table! {
    mail_suppressions (address_key) {
        address_key -> Text,
        address -> Text,
        reason -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    received_mails (id) {
        id -> BigInt,
        fingerprint -> Text,
        sender -> Text,
        recipient -> Text,
        subject -> Text,
        outcome -> Text,
        reason -> Text,
        member_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        text -> Text,
        received_at -> BigInt,
        handled_at -> Nullable<BigInt>,
        handled_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        member_id -> BigInt,
        fact -> Text,
        kind -> Text,
        reason -> Text,
        question_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        detail -> Text,
        level -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notice_levels (member_id, kind) {
        member_id -> BigInt,
        kind -> Text,
        level -> Text,
    }
}

diesel::table! {
    notice_times (member_id) {
        member_id -> BigInt,
        quiet_from -> Nullable<BigInt>,
        quiet_until -> Nullable<BigInt>,
        digest -> Text,
    }
}

diesel::table! {
    subscriptions (member_id, scope, subject_id) {
        member_id -> BigInt,
        scope -> Text,
        subject_id -> BigInt,
        level -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    fanouts (id) {
        id -> BigInt,
        event_id -> BigInt,
        after_member -> BigInt,
    }
}

diesel::table! {
    address_requests (id) {
        id -> BigInt,
        purpose -> Text,
        email -> Text,
        detail -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    join_requests (id) {
        id -> BigInt,
        email -> Text,
        email_key -> Text,
        name -> Text,
        organisation -> Text,
        message -> Text,
        state -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger (id) {
        id -> BigInt,
        member_id -> BigInt,
        points -> BigInt,
        reason -> Text,
        post_id -> Nullable<BigInt>,
        question_id -> Nullable<BigInt>,
        space_id -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        settings_id -> BigInt,
        outcomes -> BigInt,
        state -> Nullable<Text>,
        base_id -> Nullable<BigInt>,
        reverses -> Nullable<BigInt>,
        given_at -> BigInt,
    }
}

diesel::table! {
    imported_credits (post_id, day) {
        post_id -> BigInt,
        day -> BigInt,
        up -> BigInt,
        down -> BigInt,
    }
}

diesel::table! {
    vote_patterns (id) {
        id -> BigInt,
        kind -> Text,
        voter_id -> BigInt,
        author_id -> BigInt,
        votes -> Text,
        first_at -> BigInt,
        last_at -> BigInt,
        state -> Text,
        found_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    suggestions (id) {
        id -> BigInt,
        post_id -> BigInt,
        author_id -> Nullable<BigInt>,
        suggester_id -> BigInt,
        base_version -> BigInt,
        title -> Nullable<Text>,
        tags -> Nullable<Text>,
        body -> Nullable<Text>,
        reason -> Nullable<Text>,
        made_at -> BigInt,
        state -> Text,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        verdict -> Nullable<Text>,
        words -> Nullable<Text>,
        version -> Nullable<BigInt>,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    guru_standings (id) {
        id -> BigInt,
        member_id -> BigInt,
        tag_id -> BigInt,
        source -> Text,
        state -> Text,
        invited_at -> BigInt,
        since -> Nullable<BigInt>,
        ending_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        ended_why -> Nullable<Text>,
        not_before -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        answers -> BigInt,
        good -> BigInt,
        bad -> BigInt,
        days -> BigInt,
        hours_from -> Nullable<BigInt>,
        hours_until -> Nullable<BigInt>,
        languages -> Text,
        daily_alerts -> BigInt,
    }
}

diesel::table! {
    guru_declines (member_id, question_id) {
        member_id -> BigInt,
        question_id -> BigInt,
        declined_at -> BigInt,
    }
}

diesel::table! {
    hand_overs (id) {
        id -> BigInt,
        question_id -> BigInt,
        by_id -> BigInt,
        reason -> Text,
        handed_at -> BigInt,
    }
}

diesel::table! {
    guru_alerts (member_id, question_id) {
        member_id -> BigInt,
        question_id -> BigInt,
        alerted_at -> BigInt,
    }
}

diesel::joinable!(post_texts -> posts (post_id));
diesel::joinable!(questions -> spaces (space_id));
diesel::joinable!(question_tags -> tags (tag_id));
diesel::joinable!(suggestions -> posts (post_id));
diesel::joinable!(tag_counts -> tags (tag_id));
diesel::joinable!(spaces -> products (product_id));
diesel::joinable!(entitlements -> products (product_id));
diesel::joinable!(members -> organisations (organisation_id));
diesel::joinable!(sessions -> members (member_id));
diesel::joinable!(api_tokens -> members (member_id));
diesel::joinable!(guru_standings -> tags (tag_id));
diesel::joinable!(guru_standings -> members (member_id));
diesel::joinable!(badges -> members (member_id));

diesel::allow_tables_to_appear_in_same_query!(
    content_versions,
    affected,
    api_tokens,
    audit,
    badges,
    entitlements,
    follows,
    guru_alerts,
    guru_declines,
    guru_standings,
    hand_overs,
    imported_credits,
    imported_tallies,
    invitations,
    ledger,
    member_counts,
    members,
    moderated_spaces,
    notice_levels,
    notices,
    one_time_links,
    organisations,
    outbox,
    post_links,
    post_readers,
    post_texts,
    posts,
    products,
    question_readers,
    question_tags,
    questions,
    revisions,
    sessions,
    space_grants,
    spaces,
    subscriptions,
    suggestions,
    tag_counts,
    tags,
    vote_patterns,
    votes,
);
